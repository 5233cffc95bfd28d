package io.gatestream.frame;

import io.gatestream.schema.FrameLabel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;

/** Labels to record values and back, in Avro's single-object encoding. Thread-safe. */
public final class LabelCodec {
  private final BinaryMessageEncoder<FrameLabel> encoder = FrameLabel.getEncoder();
  private final BinaryMessageDecoder<FrameLabel> decoder =
      new BinaryMessageDecoder<>(
          SpecificData.getForClass(FrameLabel.class), FrameLabel.getClassSchema());

  public byte[] encode(FrameLabel label) {
    try {
      ByteBuffer encoded = encoder.encode(label);
      byte[] value = new byte[encoded.remaining()];
      encoded.get(value);
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a label.
   *
   * @throws FrameDecodeException UNPARSABLE: no Avro single object of the label's schema
   */
  public FrameLabel decode(byte[] value) throws FrameDecodeException {
    try {
      return decoder.decode(value);
    } catch (IOException | RuntimeException e) {
      throw new FrameDecodeException(
          FrameDecodeException.Reason.UNPARSABLE, "not a label: " + e.getMessage(), e);
    }
  }
}

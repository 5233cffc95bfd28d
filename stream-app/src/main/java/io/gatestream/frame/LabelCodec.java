package io.gatestream.frame;

import io.gatestream.schema.FrameLabel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.avro.Schema;

/** Labels to record values and back, in Avro's single-object encoding. Thread-safe. */
public final class LabelCodec {
  /** As many as {@code score.limit} may ask for. */
  private static final int MAX_SCORES = 1_000_000;

  /** Of a stream's id, and more than any class or model is called. */
  private static final int MAX_TEXT = 65_536;

  private final SingleObject<FrameLabel> labels =
      new SingleObject<>(FrameLabel.class, MAX_SCORES, MAX_TEXT)
          .alsoReading(FrameLabel.class, withoutActive());

  /** What was written before there were events. */
  private static Schema withoutActive() {
    try (InputStream schema =
        Objects.requireNonNull(LabelCodec.class.getResourceAsStream("/schema/FrameLabel-1.avsc"))) {
      return new Schema.Parser().parse(schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a value begins as a label does, of this version or an earlier one. */
  public boolean begins(byte[] value) {
    return labels.begins(value);
  }

  public byte[] encode(FrameLabel label) {
    return labels.encode(label);
  }

  /**
   * Reads a label.
   *
   * @throws FrameDecodeException UNPARSABLE or BAD_FIELD
   */
  public FrameLabel decode(byte[] value) throws FrameDecodeException {
    return labels.decode(value);
  }
}

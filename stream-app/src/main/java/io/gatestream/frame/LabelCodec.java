package io.gatestream.frame;

import io.gatestream.schema.FrameLabel;

/** Labels to record values and back, in Avro's single-object encoding. Thread-safe. */
public final class LabelCodec {
  private final SingleObject<FrameLabel> labels = new SingleObject<>(FrameLabel.class);

  public byte[] encode(FrameLabel label) {
    return labels.encode(label);
  }

  /**
   * Reads a label.
   *
   * @throws FrameDecodeException UNPARSABLE
   */
  public FrameLabel decode(byte[] value) throws FrameDecodeException {
    return labels.decode(value);
  }
}

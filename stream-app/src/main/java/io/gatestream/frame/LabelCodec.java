package io.gatestream.frame;

import io.gatestream.schema.FrameLabel;

/** Labels to record values and back, in Avro's single-object encoding. Thread-safe. */
public final class LabelCodec {
  /** As many as {@code score.limit} may ask for. */
  private static final int MAX_SCORES = 1_000_000;

  /** Of a stream's id, and more than any class or model is called. */
  private static final int MAX_TEXT = 65_536;

  private final SingleObject<FrameLabel> labels =
      new SingleObject<>(FrameLabel.class, MAX_SCORES, MAX_TEXT);

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

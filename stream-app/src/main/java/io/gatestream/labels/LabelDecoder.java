package io.gatestream.labels;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.FrameLabel;

/** Reads the value of a label record. Implementations keep no reference to {@code value}. */
@FunctionalInterface
public interface LabelDecoder {
  /**
   * Reads a label.
   *
   * @throws FrameDecodeException the value is no label
   */
  FrameLabel decode(byte[] value) throws FrameDecodeException;
}

package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;

/** What is wrong with a segment file. */
final class SegmentDamage {
  private SegmentDamage() {}

  /** CORRUPT, with what was found. */
  static FrameDecodeException corrupt(String problem) {
    return new FrameDecodeException(Reason.CORRUPT, "segment: " + problem);
  }
}

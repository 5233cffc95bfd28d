package io.gatestream.frame.jpeg;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;

/** What is wrong with a JPEG file. */
final class JpegDamage {
  private JpegDamage() {}

  /** CORRUPT, with what was found. */
  static FrameDecodeException corrupt(String problem) {
    return new FrameDecodeException(Reason.CORRUPT, "JPEG: " + problem);
  }
}

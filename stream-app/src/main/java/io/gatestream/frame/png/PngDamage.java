package io.gatestream.frame.png;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;

/** What is wrong with a PNG file. */
final class PngDamage {
  private PngDamage() {}

  /** CORRUPT, with what was found. */
  static FrameDecodeException corrupt(String problem) {
    return new FrameDecodeException(Reason.CORRUPT, "PNG: " + problem);
  }
}

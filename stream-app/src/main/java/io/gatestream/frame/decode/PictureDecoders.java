package io.gatestream.frame.decode;

import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;

/** Opens the application's decoders. */
public final class PictureDecoders {
  private PictureDecoders() {}

  /** A decoder of every encoding, for one thread. */
  public static FrameDecoder open(InputSpec input, FrameLimits limits) {
    FrameDecoder decoder = new PictureDecoder(input, limits);
    if (FatalFault.MARK.isPresent()) {
      decoder = new FatalFault(FatalFault.MARK.get(), decoder);
    }
    if (FailingFault.FRAME.isPresent()) {
      decoder = new FailingFault(FailingFault.FRAME.get(), decoder);
    }
    return decoder;
  }
}

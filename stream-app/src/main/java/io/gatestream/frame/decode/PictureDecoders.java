package io.gatestream.frame.decode;

import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import java.util.List;
import java.util.ServiceLoader;

/** Opens the application's decoders. */
public final class PictureDecoders {
  private static final List<DecoderStage> STAGES =
      ServiceLoader.load(DecoderStage.class, DecoderStage.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private PictureDecoders() {}

  /** A decoder of every encoding, for one thread. */
  public static FrameDecoder open(InputSpec input, FrameLimits limits) {
    FrameDecoder decoder = new PictureDecoder(input, limits);
    for (DecoderStage stage : STAGES) {
      decoder = stage.before(decoder);
    }
    return decoder;
  }
}

package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.jpeg.JpegCheck;
import io.gatestream.frame.jpeg.JpegTables;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the sides of a JPEG are divided by while it is decoded, by the resize rule of
 * docs/bundle.md: a JPEG decoder leaves out frequencies that a small picture does not show, and the
 * time they take.
 */
public final class ReducedScale {
  private static final List<Integer> LARGEST_FIRST = List.of(8, 4, 2);

  private ReducedScale() {}

  /**
   * The divisor for a JPEG file, checked first as every frame is.
   *
   * @param jpeg a heap buffer, from its position to its limit
   * @return 1, 2, 4 or 8; always 1 for a model without {@code reducedScaleJpeg}
   * @throws FrameDecodeException it is damaged or beyond {@code limits}
   */
  public static int of(InputSpec input, ByteBuffer jpeg, FrameLimits limits)
      throws FrameDecodeException {
    return of(input, JpegCheck.of(jpeg, limits, new JpegTables()).header());
  }

  /** The largest divisor at which what is used of the frame is no smaller than its target. */
  static int of(InputSpec input, ImageHeader header) {
    if (!input.resize().reducedScaleJpeg()) {
      return 1;
    }
    Placement whole = Placement.of(input, header.width(), header.height());
    Placement.Box used = whole.source();
    Placement.Box target = whole.target();
    return LARGEST_FIRST.stream()
        .filter(n -> used.width() >= n * target.width() && used.height() >= n * target.height())
        .findFirst()
        .orElse(1);
  }

  /** A side of {@code pixels} after the division, rounded up as libjpeg does. */
  static int side(int pixels, int divisor) {
    return (pixels + divisor - 1) / divisor;
  }
}

package io.gatestream.frame;

import io.gatestream.frame.FrameDecodeException.Reason;

/**
 * What a picture's header says of it.
 *
 * @param width pixels
 * @param height pixels
 * @param components samples a pixel as stored: 1 grey or palette, 2 grey and alpha, 3, 4
 */
public record ImageHeader(int width, int height, int components) {
  /**
   * Checks the size before any pixel is allocated.
   *
   * @throws FrameDecodeException CORRUPT for an empty picture, TOO_LARGE
   */
  public ImageHeader within(FrameLimits limits) throws FrameDecodeException {
    if (width < 1 || height < 1) {
      throw new FrameDecodeException(
          Reason.CORRUPT, "picture of %d x %d pixels".formatted(width, height));
    }
    if (width > limits.maxSide()
        || height > limits.maxSide()
        || (long) width * height > limits.maxPixels()) {
      throw new FrameDecodeException(
          Reason.TOO_LARGE,
          "picture of %d x %d pixels; max.side is %d and max.pixels %d"
              .formatted(width, height, limits.maxSide(), limits.maxPixels()));
    }
    return this;
  }

  /** The picture is not decoded: it would visit {@code work} pixels. */
  public static FrameDecodeException tooMuchWork(String what, long work, FrameLimits limits) {
    return new FrameDecodeException(
        Reason.TOO_LARGE,
        "%s: %d pixels to decode; max.work is %d".formatted(what, work, limits.maxWork()));
  }
}

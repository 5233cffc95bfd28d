package io.gatestream.config;

/**
 * What a frame may be at most, checked from its header before any pixel is allocated.
 *
 * @param maxSide pixels of width and of height
 * @param maxPixels width times height
 * @param maxSegmentFrames frames in one segment
 */
public record FrameLimits(int maxSide, long maxPixels, int maxSegmentFrames) {
  public static final FrameLimits DEFAULT = new FrameLimits(8_192, 16_777_216, 1_000);

  public FrameLimits {
    if (maxSide < 1 || maxPixels < 1 || maxSegmentFrames < 1) {
      throw new IllegalArgumentException(
          "frame limits %d, %d, %d must be positive"
              .formatted(maxSide, maxPixels, maxSegmentFrames));
    }
  }
}

package io.gatestream.frame;

/**
 * What a frame may be and cost at most: sizes are checked from its header before any pixel is
 * allocated, work before it is done. docs/limits.md says what the work takes in time.
 *
 * @param maxSide pixels of width and of height
 * @param maxPixels width times height
 * @param maxSegmentFrames frames in one segment
 * @param maxScans scans of one JPEG
 * @param maxWork pixels that decoding a record may visit: of all frames of a segment, of all scans
 *     and components of a JPEG, of all samples of a PNG
 * @param strayBytes whether JPEGs may hold bytes that belong to nothing
 * @param jpegDepth how closely JPEGs are looked at
 */
public record FrameLimits(
    int maxSide,
    long maxPixels,
    int maxSegmentFrames,
    int maxScans,
    long maxWork,
    StrayBytes strayBytes,
    JpegDepth jpegDepth) {
  public static final FrameLimits DEFAULT = new FrameLimits(8_192, 16_777_216, 1_000);

  public FrameLimits {
    if (maxSide < 1 || maxPixels < 1 || maxSegmentFrames < 1 || maxScans < 1 || maxWork < 1) {
      throw new IllegalArgumentException(
          "frame limits %d, %d, %d, %d, %d must be positive"
              .formatted(maxSide, maxPixels, maxSegmentFrames, maxScans, maxWork));
    }
  }

  /** Limits under which JPEGs are looked at in full. */
  public FrameLimits(
      int maxSide,
      long maxPixels,
      int maxSegmentFrames,
      int maxScans,
      long maxWork,
      StrayBytes strayBytes) {
    this(maxSide, maxPixels, maxSegmentFrames, maxScans, maxWork, strayBytes, JpegDepth.FULL);
  }

  /** Limits of size with the standard ones of cost. */
  public FrameLimits(int maxSide, long maxPixels, int maxSegmentFrames) {
    this(maxSide, maxPixels, maxSegmentFrames, 100, 1L << 30, StrayBytes.REPAIR);
  }

  /** The same but for how closely JPEGs are looked at. */
  public FrameLimits with(JpegDepth depth) {
    return new FrameLimits(
        maxSide, maxPixels, maxSegmentFrames, maxScans, maxWork, strayBytes, depth);
  }

  /** How many frames of a size a segment may hold, 0 where not even one fits. */
  public int segmentFrames(int width, int height) {
    return (int) Math.min(maxSegmentFrames, maxWork / Math.max(1, (long) width * height));
  }
}

package io.gatestream.frame.jpeg;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;

/**
 * What decoding one JPEG costs, counted before it is done; docs/limits.md has the figures. All its
 * methods throw TOO_LARGE above a limit. One file, one thread.
 */
final class JpegCost {
  private static final int BLOCK = 64;

  /**
   * Segments of a file: a colour profile has 255 at most, large EXIF and XMP data some hundred. The
   * decoder keeps an object of its own for each.
   */
  private static final int MAX_SEGMENTS = 1_024;

  /** Huffman tables before a scan, which uses 8 at most; making one ready takes as long as 4 KB. */
  private static final int MAX_TABLES = 64;

  private final FrameLimits limits;
  private int segments;
  private int freshTables;
  private int scans;
  private long work;

  JpegCost(FrameLimits limits) {
    this.limits = limits;
  }

  /** Counts a segment of any kind, and a marker without one. */
  void segment() throws FrameDecodeException {
    if (++segments > MAX_SEGMENTS + (long) scans * MAX_TABLES) {
      throw new FrameDecodeException(
          Reason.TOO_LARGE, "JPEG of more than %d segments".formatted(segments - 1));
    }
  }

  void huffmanTable() throws FrameDecodeException {
    if (++freshTables > MAX_TABLES) {
      throw new FrameDecodeException(
          Reason.TOO_LARGE, "JPEG of more than %d Huffman tables a scan".formatted(MAX_TABLES));
    }
  }

  void scan(long blocks) throws FrameDecodeException {
    freshTables = 0;
    work += BLOCK * blocks;
    if (++scans > limits.maxScans()) {
      throw new FrameDecodeException(
          Reason.TOO_LARGE,
          "JPEG of more than %d scans, which max.scans is".formatted(limits.maxScans()));
    }
    if (work > limits.maxWork()) {
      throw ImageHeader.tooMuchWork("JPEG of %d scans or more".formatted(scans), work, limits);
    }
  }
}

package io.gatestream.frame.jpeg;

import io.gatestream.frame.ImageHeader;
import java.util.Arrays;

/** One colour component of a JPEG frame and how far its coefficients are known. One thread. */
final class JpegComponent {
  final int id;
  final int across;
  final int down;

  /** Blocks that a scan of this component alone holds. */
  final int width;

  final int height;

  /** Blocks in a row when whole units of all components are counted. */
  final int stride;

  /** By coefficient: the lowest bit that is known, or -1 where nothing is. */
  final int[] known = new int[64];

  /** By block: the coefficients that are not zero so far; empty for sequential frames. */
  final long[] nonZero;

  /**
   * Describes a component.
   *
   * @param across its blocks in a row of a unit
   * @param down its rows of blocks in a unit
   * @param grid the frame's size in units
   * @param remembers whether scans of progressive frames are walked
   */
  JpegComponent(int id, int across, int down, Grid grid, ImageHeader header, boolean remembers) {
    this.id = id;
    this.across = across;
    this.down = down;
    this.width = ceil(ceil(header.width() * across, grid.maxAcross()), 8);
    this.height = ceil(ceil(header.height() * down, grid.maxDown()), 8);
    this.stride = grid.columns() * across;
    this.nonZero = remembers ? new long[stride * grid.rows() * down] : new long[0];
    Arrays.fill(known, -1);
  }

  /** All coefficients are known to their last bit. */
  boolean complete() {
    for (int bit : known) {
      if (bit != 0) {
        return false;
      }
    }
    return true;
  }

  /** Minimum coded units of a frame: how many, and of how many blocks at most. */
  record Grid(int columns, int rows, int maxAcross, int maxDown) {
    static Grid of(ImageHeader header, int maxAcross, int maxDown) {
      return new Grid(
          ceil(header.width(), 8 * maxAcross),
          ceil(header.height(), 8 * maxDown),
          maxAcross,
          maxDown);
    }
  }

  private static int ceil(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}

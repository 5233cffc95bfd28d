package io.gatestream.frame.jpeg;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.JpegDepth;
import java.util.List;
import java.util.Optional;

/**
 * Walks the entropy-coded data of one JPEG scan (ITU-T T.81, annexes F and G) code by code, without
 * computing a pixel: damage shows as a code that no table has, as a run beyond the block's end, or
 * as more or less data than the picture has blocks. {@link SequentialWalk} goes first where it can.
 * Used by one thread.
 */
final class JpegScan {
  /**
   * What a scan's header says.
   *
   * @param parts the components in it, with their tables
   * @param first the first coefficient, in zigzag order
   * @param last the last one
   * @param high the bit known before, 0 in a first scan
   * @param low the bit known afterwards
   */
  record Spec(List<ScanPart> parts, int first, int last, int high, int low, boolean progressive) {
    /** Blocks in the scan. */
    long blocks(JpegComponent.Grid grid) {
      if (parts.size() == 1) {
        return (long) parts.get(0).component().width * parts.get(0).component().height;
      }
      long unit = 0;
      for (ScanPart part : parts) {
        unit += (long) part.component().across * part.component().down;
      }
      return unit * grid.columns() * grid.rows();
    }

    /**
     * Notes in the components what this scan makes known.
     *
     * @throws FrameDecodeException CORRUPT: the scan does not go on where the ones before ended
     */
    void apply() throws FrameDecodeException {
      boolean band = first == 0 ? last == 0 : last >= first && last < 64 && parts.size() == 1;
      boolean valid =
          progressive
              ? band && low <= 13 && (high == 0 || low == high - 1)
              : first == 0 && last == 63 && high == 0 && low == 0;
      int before = high == 0 ? -1 : high;
      for (ScanPart part : parts) {
        for (int k = first; valid && k <= last; k++) {
          valid = part.component().known[k] == before;
          part.component().known[k] = low;
        }
      }
      if (!valid) {
        throw JpegDamage.corrupt(
            "scan of coefficients %d to %d, bits %d to %d".formatted(first, last, high, low));
      }
    }
  }

  private static final int MAX_DC_BITS = 11;

  private final Spec spec;
  private final JpegBits bits;
  private final byte[] data;
  private final int end;
  private final EntropyWindow window;

  /** Where the data that were not walked begin. */
  private int position;

  private int endOfBandRun;

  JpegScan(Spec spec, byte[] data, int start, int end, JpegStray stray, EntropyWindow window) {
    this.spec = spec;
    this.bits = new JpegBits(data, end, stray);
    this.data = data;
    this.position = start;
    this.end = end;
    this.window = window;
  }

  /**
   * Walks the scan.
   *
   * @param restartInterval units between restart markers, or 0
   * @param depth STRUCTURE steps from marker to marker
   * @return the position of the marker behind the scan
   */
  int walk(JpegComponent.Grid grid, int restartInterval, JpegDepth depth)
      throws FrameDecodeException {
    ScanPart only = spec.parts().get(0);
    boolean alone = spec.parts().size() == 1;
    int columns = alone ? only.component().width : grid.columns();
    int rows = alone ? only.component().height : grid.rows();
    int units = columns * rows;
    int interval = restartInterval == 0 ? units : Math.min(restartInterval, units);
    boolean leaps = !spec.progressive() && depth == JpegDepth.FULL;
    Optional<SequentialWalk> fast =
        leaps ? Optional.of(new SequentialWalk(spec.parts(), window)) : Optional.empty();
    for (int from = 0; from < units; from += interval) {
      if (from > 0) {
        restart(from / interval - 1);
      }
      int count = Math.min(interval, units - from);
      int marker =
          fast.isPresent() ? fast.get().walk(data, position, end, count) : SequentialWalk.UNSURE;
      if (depth == JpegDepth.STRUCTURE) {
        marker = unread();
      } else if (marker == SequentialWalk.UNSURE) {
        marker = closely(from, count, columns);
      }
      position = marker;
    }
    return position;
  }

  /** Steps over the data between two markers, of which there must be some. */
  private int unread() throws FrameDecodeException {
    bits.start(position);
    int marker = bits.toMarker();
    if (marker == position) {
      throw JpegDamage.corrupt("less data than pixels");
    }
    return marker;
  }

  /**
   * Walks the units between two markers code by code, and says what is wrong with them.
   *
   * @return the position of the marker behind them
   */
  private int closely(int from, int count, int columns) throws FrameDecodeException {
    bits.start(position);
    ScanPart only = spec.parts().get(0);
    boolean alone = spec.parts().size() == 1;
    int row = from / columns;
    int column = from % columns;
    for (int i = 0; i < count; i++) {
      if (alone) {
        block(only, row * only.component().stride + column);
      } else {
        unit(row, column);
      }
      if (++column == columns) {
        column = 0;
        row++;
      }
    }
    if (endOfBandRun != 0) {
      throw JpegDamage.corrupt("a run beyond the end of a scan");
    }
    return bits.finish();
  }

  private void unit(int row, int column) throws FrameDecodeException {
    for (ScanPart part : spec.parts()) {
      JpegComponent component = part.component();
      for (int y = 0; y < component.down; y++) {
        int start = (row * component.down + y) * component.stride + column * component.across;
        for (int x = 0; x < component.across; x++) {
          block(part, start + x);
        }
      }
    }
  }

  private void block(ScanPart part, int index) throws FrameDecodeException {
    if (!spec.progressive()) {
      dc(part);
      bits.coefficients(part.ac());
    } else if (spec.first() == 0) {
      if (spec.high() == 0) {
        dc(part);
      } else {
        bits.skip(1);
      }
    } else {
      long[] nonZero = part.component().nonZero;
      nonZero[index] =
          spec.high() == 0 ? band(part.ac(), nonZero[index]) : refine(part.ac(), nonZero[index]);
    }
  }

  private void dc(ScanPart part) throws FrameDecodeException {
    int size = bits.symbol(part.dc());
    if (size > MAX_DC_BITS) {
      throw JpegDamage.corrupt("a coefficient of %d bits".formatted(size));
    }
    bits.skip(size);
  }

  /** The first scan of a band of coefficients; returns those that are not zero. */
  private long band(HuffmanTable table, long before) throws FrameDecodeException {
    if (endOfBandRun > 0) {
      endOfBandRun--;
      return before;
    }
    long nonZero = before;
    int k = spec.first();
    while (k <= spec.last()) {
      int symbol = bits.symbol(table);
      int size = symbol & 15;
      if (size == 0 && symbol != 0xF0) {
        startRun(symbol >>> 4);
        endOfBandRun--;
        return nonZero;
      }
      k += symbol >>> 4;
      step(size, k, spec.last());
      if (size > 0) {
        nonZero |= 1L << k;
      }
      k++;
    }
    return nonZero;
  }

  /**
   * A later scan of a band: one more bit of the coefficients that are known, and new ones of one
   * bit (ITU-T T.81, G.1.2.3).
   *
   * <p>A refinement cannot be skipped by its symbols alone. Each coefficient that earlier scans
   * made nonzero has a bit of correction between the symbols, and the zeros of a run count only
   * those that are still zero. So where the next symbol begins depends on every earlier scan of the
   * block. Values never matter here, only whether a coefficient is zero: one {@code long} a block,
   * bit k for coefficient k in zigzag order, says that. It costs 8 bytes for each block of a
   * progressive picture, where a decoder holds 128.
   */
  private long refine(HuffmanTable table, long before) throws FrameDecodeException {
    long nonZero = before;
    int k = spec.first();
    while (endOfBandRun == 0 && k <= spec.last()) {
      int symbol = bits.symbol(table);
      int size = symbol & 15;
      int zeros = symbol >>> 4;
      if (size == 0 && zeros < 15) {
        startRun(zeros);
        break;
      }
      if (size > 1) {
        throw JpegDamage.corrupt("a refinement of %d bits".formatted(size));
      }
      bits.skip(size);
      for (; k <= spec.last(); k++) {
        if ((nonZero >>> k & 1) != 0) {
          bits.skip(1);
        } else if (zeros-- == 0) {
          break;
        }
      }
      if (size == 1) {
        step(0, k, spec.last());
        nonZero |= 1L << k;
      }
      k++;
    }
    if (endOfBandRun > 0) {
      for (; k <= spec.last(); k++) {
        bits.skip((int) (nonZero >>> k & 1));
      }
      endOfBandRun--;
    }
    return nonZero;
  }

  private void startRun(int size) throws FrameDecodeException {
    endOfBandRun = (1 << size) + bits.receive(size);
  }

  private void step(int size, int k, int last) throws FrameDecodeException {
    if (k > last || size > JpegBits.MAX_AC_BITS) {
      throw JpegBits.coefficient(k, size);
    }
    bits.skip(size);
  }

  private void restart(int number) throws FrameDecodeException {
    int marker = position;
    while (marker + 1 < end && (data[marker + 1] & 0xFF) == 0xFF) {
      marker++;
    }
    if (marker + 1 >= end || (data[marker + 1] & 0xFF) != 0xD0 + (number & 7)) {
      throw JpegDamage.corrupt("restart marker %d is missing".formatted(number & 7));
    }
    position = marker + 2;
  }
}

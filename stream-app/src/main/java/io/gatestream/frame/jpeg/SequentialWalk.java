package io.gatestream.frame.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Walks the blocks of a sequential scan as fast as it can be sure of them, and says so where it
 * cannot: {@link JpegScan} then looks closely, and finds what is wrong if anything is. All of a
 * frame's bits pass here. So they, their position and the coefficient are local variables, codes
 * are taken several at a time ({@link SymbolRuns}), nothing is thrown, and no object is made for a
 * block. Used by one thread.
 */
final class SequentialWalk {
  /** Not sure that the data are whole. */
  static final int UNSURE = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int COEFFICIENTS = 64;
  private static final int MAX_CODE = 16;

  /** What a block may take, each of its codes with a value, and what is read ahead. */
  private static final int MAX_BLOCK_BYTES =
      64 * (MAX_CODE + SymbolRuns.MAX_DC_VALUE_BITS) / 8 + 2 * Long.BYTES;

  /** Bits that are there for certain after eight bytes were read. */
  private static final int FULL = 56;

  private static final int DC_SHIFT = Long.SIZE - SymbolRuns.DC_BITS;
  private static final int AC_SHIFT = Long.SIZE - SymbolRuns.BITS;

  private final EntropyWindow data;

  /** By the block of a unit, in the order of the data. */
  private final HuffmanTable[] dc;

  private final HuffmanTable[] ac;

  SequentialWalk(List<ScanPart> parts, EntropyWindow data) {
    this.data = data;
    int blocks = 0;
    for (ScanPart part : parts) {
      blocks += blocks(part, parts.size());
    }
    this.dc = new HuffmanTable[blocks];
    this.ac = new HuffmanTable[blocks];
    int block = 0;
    for (ScanPart part : parts) {
      for (int i = blocks(part, parts.size()); i > 0; i--, block++) {
        dc[block] = part.dc();
        ac[block] = part.ac();
      }
    }
  }

  /** In a unit; a component alone has units of one block. */
  private static int blocks(ScanPart part, int parts) {
    return parts == 1 ? 1 : part.component().across * part.component().down;
  }

  /**
   * Walks the units between two markers.
   *
   * @return the position of the marker behind them, or UNSURE
   */
  int walk(byte[] file, int start, int end, int units) {
    data.open(file, start, end);
    byte[] bytes = data.bytes();
    long bits = 0; // from the highest on; those behind the first `count` may be there already
    int count = 0;
    int at = 0;
    int enough = -1; // a block that starts no later has all its bytes
    for (int unit = 0; unit < units; unit++) {
      for (int block = 0; block < dc.length; block++) {
        if (at > enough) {
          if (data.isLast()) {
            return UNSURE; // less data than pixels
          }
          data.advance(at);
          at = 0;
          enough = data.filled() + (data.isLast() ? Long.BYTES : -MAX_BLOCK_BYTES);
        }
        bits |= (long) LONGS.get(bytes, at) >>> count;
        at += (Long.SIZE - 1 - count) >>> 3;
        count |= FULL;
        int length = dc[block].runs().dc()[(int) (bits >>> DC_SHIFT)];
        if (length == 0) {
          length = longDc(dc[block], bits);
          if (length == 0) {
            return UNSURE;
          }
        }
        bits <<= length;
        count -= length;
        char[] runs = ac[block].runs().ac();
        int k = 1;
        while (true) {
          // at least 29 bits are there, and no entry takes more than 26
          int entry = runs[(int) (bits >>> AC_SHIFT)];
          int next = k + SymbolRuns.advance(entry);
          if (next >= COEFFICIENTS) {
            entry = single(ac[block], bits, k);
            if (entry == 0) {
              return UNSURE;
            }
            next = k + SymbolRuns.advance(entry);
          }
          k = next;
          bits <<= entry; // by its lowest six bits
          count -= entry & SymbolRuns.LENGTH_MASK;
          if (entry >= SymbolRuns.END) {
            break;
          }
          bits |= (long) LONGS.get(bytes, at) >>> count;
          at += (Long.SIZE - 1 - count) >>> 3;
          count |= FULL;
        }
      }
    }
    int left = 8 * (data.filled() - at) + count;
    // whole bytes that no block took may be let pass, by a closer look
    return data.isLast() && left >= 0 && left < 8 ? data.position() : UNSURE;
  }

  /** Bits of a DC code that its short table does not have, with its value; 0 for none. */
  private static int longDc(HuffmanTable table, long bits) {
    int code = table.lookup((int) (bits >>> (Long.SIZE - MAX_CODE)));
    int size = code & 0xFF;
    return size <= SymbolRuns.MAX_DC_VALUE_BITS ? (code >>> 8) + size : 0;
  }

  /** An entry for one AC code alone, END where it fills the block; 0 for none. */
  private static int single(HuffmanTable table, long bits, int k) {
    int code = table.lookup((int) (bits >>> (Long.SIZE - MAX_CODE)));
    int entry = code == 0 ? 0 : SymbolRuns.entry(code >>> 8, code & 0xFF);
    int next = k + SymbolRuns.advance(entry);
    if (next > COEFFICIENTS) {
      return 0;
    }
    return next == COEFFICIENTS ? entry | SymbolRuns.END : entry;
  }
}

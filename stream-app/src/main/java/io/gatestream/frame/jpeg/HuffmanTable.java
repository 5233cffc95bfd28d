package io.gatestream.frame.jpeg;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import java.util.Arrays;

/**
 * A JPEG Huffman table (ITU-T T.81, annex C), ready for decoding. {@link #load} makes another table
 * of it in the same room, for many encoders give every picture tables of its own. One that is not
 * loaded again is immutable.
 */
final class HuffmanTable {
  static final int FAST_BITS = 9;
  private static final int MAX_LENGTH = 16;

  /** By the next FAST_BITS bits: length * 256 + symbol, or 0 where the code is longer. */
  private final short[] fast = new short[1 << FAST_BITS];

  /** By length: the first 16-bit value, left-aligned, that is no code of this length or less. */
  private final int[] limit = new int[MAX_LENGTH + 1];

  /** By length: what to add to a code to get the index of its symbol. */
  private final int[] offset = new int[MAX_LENGTH + 1];

  private final SymbolRuns runs;
  private int[] counts;
  private byte[] symbols;
  private boolean ready;

  /**
   * A table without codes.
   *
   * @param ac for coefficients 1 to 63
   */
  HuffmanTable(boolean ac) {
    this.counts = new int[MAX_LENGTH];
    this.symbols = new byte[0];
    this.runs = new SymbolRuns(ac);
  }

  /**
   * Becomes the table of these codes. Where it throws, the table is of no use until it is loaded
   * again.
   *
   * @param newCounts how many codes there are of each length, from 1 to 16
   * @param newSymbols in the order of their codes
   * @throws FrameDecodeException CORRUPT: more codes than their lengths allow
   */
  void load(int[] newCounts, byte[] newSymbols) throws FrameDecodeException {
    ready = false;
    counts = newCounts.clone();
    symbols = newSymbols.clone();
    Arrays.fill(fast, (short) 0);
    int code = 0;
    int index = 0;
    for (int length = 1; length <= MAX_LENGTH; length++) {
      offset[length] = index - code;
      for (int i = 0; i < counts[length - 1]; i++, code++, index++) {
        if (code >= 1 << length || index >= symbols.length) {
          throw new FrameDecodeException(Reason.CORRUPT, "JPEG: Huffman table with too many codes");
        }
        if (length <= FAST_BITS) {
          int span = 1 << (FAST_BITS - length);
          short entry = (short) (length << 8 | (symbols[index] & 0xFF));
          Arrays.fill(fast, code * span, (code + 1) * span, entry);
        }
      }
      limit[length] = code << (MAX_LENGTH - length);
      code <<= 1;
    }
    runs.load(counts, symbols);
    ready = true;
  }

  /** Whether it was made of these codes. */
  boolean isOf(int[] otherCounts, byte[] otherSymbols) {
    return ready && Arrays.equals(counts, otherCounts) && Arrays.equals(symbols, otherSymbols);
  }

  /** Several codes at once, for a sequential scan. */
  SymbolRuns runs() {
    return runs;
  }

  /** Length * 256 + symbol of the code that {@code next16} starts with; 0 where there is none. */
  int lookup(int next16) {
    int entry = fast[next16 >>> (16 - FAST_BITS)];
    return entry != 0 ? entry : slow(next16);
  }

  private int slow(int next16) {
    for (int length = FAST_BITS + 1; length <= MAX_LENGTH; length++) {
      if (next16 < limit[length]) {
        int index = (next16 >>> (MAX_LENGTH - length)) + offset[length];
        return length << 8 | (symbols[index] & 0xFF);
      }
    }
    return 0;
  }
}

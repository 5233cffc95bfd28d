package io.gatestream.frame.jpeg;

import java.util.Arrays;

/**
 * What the next bits of a sequential scan hold, by one look into a table: as many codes of one
 * Huffman table as lie wholly within {@link #BITS} bits, with the bits of their values, which may
 * lie beyond. Most blocks are so read in three or four looks. Tables of DC codes hold one code an
 * entry.
 *
 * <p>A table of {@code n} bits is put together from smaller ones: behind a code and value that
 * leave {@code m} bits comes whatever the table of {@code m} bits says. So it takes copies with a
 * sum, and no bit is looked at twice.
 */
final class SymbolRuns {
  /**
   * Of the table of AC codes. Two tables of 8 KB and a stretch of data fit a core's first cache.
   */
  static final int BITS = 12;

  /** Of the table of DC codes. */
  static final int DC_BITS = 10;

  /** In an entry: the block ends with its last code. */
  static final int END = 1 << 15;

  /** The lowest bits of an entry: how many bits its codes and values take. */
  static final int LENGTH_MASK = 0x3F;

  static final int MAX_DC_VALUE_BITS = 11;
  static final int MAX_AC_VALUE_BITS = 10;
  private static final int ADVANCE_SHIFT = 6;
  private static final int ADVANCE_MASK = 0xFF;

  /** More coefficients than any block has: not even the first code is whole, or valid. */
  private static final char NONE = ADVANCE_MASK << ADVANCE_SHIFT;

  private static final int SIXTEEN_ZEROS = 0xF0;

  /** By their number of bits; those below the last are scaffolding. */
  private final char[][] ac;

  /** By the next DC_BITS bits: how many a code and its value take, or 0. */
  private final byte[] dc;

  SymbolRuns(boolean isAc) {
    ac = new char[isAc ? BITS + 1 : 0][];
    for (int bits = 0; bits < ac.length; bits++) {
      ac[bits] = new char[1 << bits];
    }
    if (isAc) {
      Arrays.fill(ac(), NONE);
    }
    dc = new byte[isAc ? 0 : 1 << DC_BITS];
  }

  /** An entry by the next {@link #BITS} bits; for reading only. */
  char[] ac() {
    return ac[BITS];
  }

  /** How many bits a code and its value take, by the next {@link #DC_BITS}; 0: look closer. */
  byte[] dc() {
    return dc;
  }

  /** How many coefficients the codes of an entry stand for. */
  static int advance(int entry) {
    return entry >>> ADVANCE_SHIFT & ADVANCE_MASK;
  }

  /** Of one AC code of {@code length} bits: END, a coefficient or sixteen zeros; 0 for others. */
  static int entry(int length, int symbol) {
    int size = symbol & 15;
    if (symbol == 0) {
      return END | length;
    }
    if (size > MAX_AC_VALUE_BITS || (size == 0 && symbol != SIXTEEN_ZEROS)) {
      return 0;
    }
    return length + size | ((symbol >>> 4) + 1) << ADVANCE_SHIFT;
  }

  /** Becomes the table of these codes, which are not more than their lengths allow. */
  void load(int[] counts, byte[] symbols) {
    if (ac.length == 0) {
      loadDc(counts, symbols);
      return;
    }
    for (int bits = 1; bits <= BITS; bits++) {
      loadAc(bits, counts, symbols);
    }
    char[] whole = ac();
    for (int i = 0; i < whole.length; i++) {
      whole[i] = whole[i] == 0 ? NONE : whole[i];
    }
  }

  private void loadDc(int[] counts, byte[] symbols) {
    Arrays.fill(dc, (byte) 0);
    int from = 0;
    int index = 0;
    for (int length = 1; length <= DC_BITS; length++) {
      int span = 1 << (DC_BITS - length);
      for (int i = 0; i < counts[length - 1]; i++, index++, from += span) {
        int size = symbols[index] & 0xFF;
        byte entry = (byte) (size <= MAX_DC_VALUE_BITS ? length + size : 0);
        Arrays.fill(dc, from, from + span, entry);
      }
    }
  }

  private void loadAc(int bits, int[] counts, byte[] symbols) {
    char[] table = ac[bits];
    int from = 0;
    int index = 0;
    for (int length = 1; length <= bits; length++) {
      int span = 1 << (bits - length);
      for (int i = 0; i < counts[length - 1]; i++, index++, from += span) {
        int first = entry(length, symbols[index] & 0xFF);
        int left = bits - (first & LENGTH_MASK);
        boolean alone = first == 0 || (first & END) != 0 || left <= 0;
        follow(table, from, span, first, ac[alone ? 0 : left]);
      }
    }
    Arrays.fill(table, from, table.length, (char) 0);
  }

  /** Fills a span with {@code first} and what comes behind it, over and over. */
  private static void follow(char[] table, int from, int span, int first, char[] behind) {
    if (behind.length == 1) {
      Arrays.fill(table, from, from + span, (char) first);
      return;
    }
    int step = Math.min(span, behind.length);
    for (int at = from; at < from + span; at += step) {
      for (int i = 0; i < step; i++) {
        table[at + i] = (char) (first + behind[i]);
      }
    }
  }
}

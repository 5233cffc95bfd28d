package io.gatestream.frame.jpeg;

import io.gatestream.frame.FrameDecodeException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads the bits of a JPEG's entropy-coded data up to the next marker. Used by one thread. */
final class JpegBits {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long LOWEST = 0x0101010101010101L;
  private static final long HIGHEST = 0x8080808080808080L;
  private static final int END_OF_BLOCK = 0x00;
  private static final int SIXTEEN_ZEROS = 0xF0;
  static final int MAX_AC_BITS = 10;

  private final byte[] data;
  private final int end;
  private final JpegStray stray;
  private int position;
  private long bits;
  private int count;

  /** Reads {@code data} at most to {@code end}; {@link #start} says from where. */
  JpegBits(byte[] data, int end, JpegStray stray) {
    this.stray = stray;
    this.data = data;
    this.end = end;
  }

  /** Goes to where a stretch of data begins. */
  void start(int start) {
    position = start;
  }

  /** The next symbol of {@code table}. */
  int symbol(HuffmanTable table) throws FrameDecodeException {
    if (count < 16) {
      fill();
    }
    int entry = entry(table);
    take(entry >>> 8);
    return entry & 0xFF;
  }

  /** Steps over coefficients 1 to 63 of a block in a sequential scan. */
  void coefficients(HuffmanTable table) throws FrameDecodeException {
    for (int k = 1; k < 64; k++) {
      if (count < 32) {
        fill();
      }
      int entry = entry(table);
      int size = entry & 15;
      take((entry >>> 8) + size);
      k += entry >>> 4 & 15;
      if (size == 0) {
        int symbol = entry & 0xFF;
        if (symbol == END_OF_BLOCK) {
          return;
        }
        if (symbol != SIXTEEN_ZEROS) {
          throw JpegDamage.corrupt("an end of band in a sequential scan");
        }
      }
      if (k > 63 || size > MAX_AC_BITS) {
        throw coefficient(k, size);
      }
    }
  }

  static FrameDecodeException coefficient(int k, int size) {
    return JpegDamage.corrupt("coefficient %d of %d bits in a block".formatted(k, size));
  }

  private int entry(HuffmanTable table) throws FrameDecodeException {
    int next16 = (int) (count >= 16 ? bits >>> (count - 16) : bits << (16 - count)) & 0xFFFF;
    int entry = table.lookup(next16);
    if (entry == 0) {
      throw JpegDamage.corrupt("a code that no table has");
    }
    return entry;
  }

  /** The next {@code n} bits, 0 to 16. */
  int receive(int n) throws FrameDecodeException {
    skip(n);
    return (int) (bits >>> count) & ((1 << n) - 1);
  }

  /** Steps over {@code n} bits, 0 to 16. */
  void skip(int n) throws FrameDecodeException {
    if (count < n) {
      fill();
    }
    take(n);
  }

  /**
   * Ends a stretch of data: only padding may be left before the marker, or stray bytes that are let
   * pass.
   *
   * @return the position of the marker's FF
   */
  int finish() throws FrameDecodeException {
    fill();
    if (count >= 8) {
      leftOver();
    }
    bits = 0;
    count = 0;
    return position;
  }

  /** Whole bytes that no block has taken, up to the next marker. */
  private void leftOver() throws FrameDecodeException {
    int padding = count & 7;
    int ones = (1 << padding) - 1;
    if ((bits >>> (count - padding) & ones) != ones) {
      // an encoder fills its last byte with ones, so this is no end of its data
      throw JpegDamage.corrupt("more data than pixels");
    }
    int from = position;
    for (int bytes = count >>> 3; bytes > 0; bytes--) {
      from -= data[from - 1] == 0 && data[from - 2] == (byte) 0xFF ? 2 : 1;
    }
    toMarker();
    stray.skip(from, position);
  }

  /**
   * Steps over the rest of a stretch of data, whatever it is.
   *
   * @return the position of the marker's FF
   */
  int toMarker() {
    while (position + 1 < end && (data[position] != (byte) 0xFF || data[position + 1] == 0)) {
      position++;
    }
    return position;
  }

  private void take(int n) throws FrameDecodeException {
    count -= n;
    if (count < 0) {
      throw JpegDamage.corrupt("less data than pixels");
    }
  }

  private void fill() {
    if (position + Long.BYTES <= end && count < 57) {
      long next = (long) LONGS.get(data, position);
      long inverted = ~next;
      boolean marker = ((inverted - LOWEST) & next & HIGHEST) != 0;
      if (!marker) {
        // seven at most: a shift by 64 would be none
        int taken = Math.min(7, (64 - count) >>> 3);
        bits = bits << (8 * taken) | next >>> (64 - 8 * taken);
        count += 8 * taken;
        position += taken;
        return;
      }
    }
    while (count <= 56 && position < end) {
      int next = data[position] & 0xFF;
      if (next == 0xFF) {
        if (position + 1 >= end || data[position + 1] != 0) {
          return;
        }
        position++;
      }
      position++;
      bits = bits << 8 | next;
      count += 8;
    }
  }
}

package io.gatestream.frame.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A stretch of a JPEG's entropy-coded data without its stuffed bytes, so that eight bytes can be
 * read at once from anywhere. Long data pass through it piece by piece, so its room is small and
 * the same for all files. Used by one thread.
 */
final class EntropyWindow {
  /** Beyond what is filled: eight bytes from anywhere within, and a block without an end. */
  static final int SLACK = 512;

  private static final int PIECE = 8_192;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST = 0x0101010101010101L;
  private static final long HIGHEST = 0x8080808080808080L;

  private final byte[] bytes = new byte[PIECE + SLACK];
  private byte[] data = bytes;
  private int position;
  private int end;
  private int filled;
  private boolean last;

  /** Goes to {@code start} of {@code from}, which is read at most to {@code to}. */
  void open(byte[] from, int start, int to) {
    data = from;
    position = start;
    end = to;
    filled = 0;
    last = false;
  }

  /** The room itself, always the same. */
  byte[] bytes() {
    return bytes;
  }

  /** How many of its bytes are data. */
  int filled() {
    return filled;
  }

  /** Whether it reaches to the next marker, whose FF is at {@link #position}. */
  boolean isLast() {
    return last;
  }

  int position() {
    return position;
  }

  /** Moves what lies behind {@code used} to the front and reads on to fill the room. */
  void advance(int used) {
    int kept = Math.max(0, filled - used);
    System.arraycopy(bytes, filled - kept, bytes, 0, kept);
    filled = kept;
    while (!last && filled < PIECE) {
      if (position + Long.BYTES <= end) {
        eight();
      } else {
        one();
      }
    }
  }

  private void eight() {
    int out = filled;
    int in = position;
    long marker = 0;
    while (out < PIECE && in + Long.BYTES <= end) {
      long next = (long) LONGS.get(data, in);
      LONGS.set(bytes, out, next);
      marker = (~next - LOWEST) & next & HIGHEST;
      if (marker != 0) {
        break;
      }
      in += Long.BYTES;
      out += Long.BYTES;
    }
    int before = marker == 0 ? 0 : Long.numberOfTrailingZeros(marker) >>> 3;
    filled = out + before;
    position = in + before;
    if (marker != 0) {
      one();
    }
  }

  private void one() {
    if (position >= end) {
      last = true;
      return;
    }
    byte next = data[position];
    if (next == (byte) 0xFF) {
      if (position + 1 >= end || data[position + 1] != 0) {
        last = true;
        return;
      }
      position++;
    }
    position++;
    bytes[filled++] = next;
  }
}

package io.gatestream.frame;

import io.gatestream.frame.FrameDecodeException.Reason;

/** Reads the bits of a JPEG's entropy-coded data up to the next marker. Used by one thread. */
final class JpegBits {
  private final byte[] data;
  private final int end;
  private int position;
  private long bits;
  private int count;

  /** Reads {@code data} from {@code start}, at most to {@code end}. */
  JpegBits(byte[] data, int start, int end) {
    this.data = data;
    this.position = start;
    this.end = end;
  }

  /** The next symbol of {@code table}. */
  int symbol(HuffmanTable table) throws FrameDecodeException {
    if (count < 16) {
      fill();
    }
    int next16 = (int) (count >= 16 ? bits >>> (count - 16) : bits << (16 - count)) & 0xFFFF;
    int entry = table.lookup(next16);
    if (entry == 0) {
      throw corrupt("a code that no table has");
    }
    take(entry >>> 8);
    return entry & 0xFF;
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
   * Ends a stretch of data: only padding may be left before the marker.
   *
   * @return the position of the marker's FF
   */
  int finish() throws FrameDecodeException {
    fill();
    if (count >= 8) {
      throw corrupt("more data than pixels");
    }
    bits = 0;
    count = 0;
    return position;
  }

  /** Goes on behind a restart marker. */
  void restart(int start) {
    position = start;
  }

  private void take(int n) throws FrameDecodeException {
    count -= n;
    if (count < 0) {
      throw corrupt("less data than pixels");
    }
  }

  private void fill() {
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

  static FrameDecodeException corrupt(String problem) {
    return new FrameDecodeException(Reason.CORRUPT, "JPEG: " + problem);
  }
}

package io.gatestream.frame.jpeg;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** JPEGs that are valid or nearly so, small, and dear to decode. */
public final class JpegBombs {
  private static final int FIRST_LOW = 13;

  private JpegBombs() {}

  /** A progressive JPEG of 2,647 scans: each coefficient of each component, bit by bit. */
  public static byte[] scans(int width, int height) {
    return scans(width, height, 1);
  }

  /** A progressive JPEG that goes over all blocks 43 times and is whole. */
  public static byte[] passes(int width, int height) {
    return scans(width, height, 63);
  }

  private static byte[] scans(int width, int height, int band) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    bytes(out, 0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0);
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 1);
    out.writeBytes(ones);
    bytes(out, 0xFF, 0xC2, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3);
    bytes(out, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0);
    // one code of one bit for DC; one of one bit and 14 of five bits for ends of bands
    bytes(out, 0xFF, 0xC4, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    bytes(out, 0xFF, 0xC4, 0, 34, 0x10, 1, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0);
    for (int run = 0; run < 14; run++) {
      out.write(run << 4);
    }
    int blocks = (width + 7) / 8 * ((height + 7) / 8);
    bytes(out, 0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0);
    Bits zeros = new Bits();
    for (int i = 0; i < 3 * blocks; i++) {
      zeros.put(0, 1);
    }
    out.writeBytes(zeros.end());
    byte[] nothing = ends(blocks);
    for (int k = 1; k < 64; k += band) {
      for (int component = 1; component <= 3; component++) {
        for (int low = FIRST_LOW; low >= 0; low--) {
          int high = low == FIRST_LOW ? 0 : low + 1;
          bytes(out, 0xFF, 0xDA, 0, 8, 1, component, 0, k, k + band - 1, high << 4 | low);
          out.writeBytes(nothing);
        }
      }
    }
    bytes(out, 0xFF, 0xD9);
    return out.toByteArray();
  }

  /** A JPEG with {@code count} more segments before its own. */
  public static byte[] withSegments(byte[] jpeg, int marker, byte[] content, int count) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    for (int i = 0; i < count; i++) {
      bytes(out, 0xFF, marker, (content.length + 2) >> 8, (content.length + 2) & 255);
      out.writeBytes(content);
    }
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  /** A scan in which no block has anything. */
  private static byte[] ends(int blocks) {
    Bits bits = new Bits();
    for (int left = blocks; left > 0; ) {
      int size = Math.min(14, 31 - Integer.numberOfLeadingZeros(left));
      int run = Math.min(left, (1 << (size + 1)) - 1);
      bits.put(size == 14 ? 0 : 16 + size, size == 14 ? 1 : 5);
      bits.put(run - (1 << size), size);
      left -= run;
    }
    return bits.end();
  }

  private static void bytes(ByteArrayOutputStream out, int... values) {
    for (int value : values) {
      out.write(value);
    }
  }

  /** Entropy-coded bits, with a zero stuffed after each FF. */
  private static final class Bits {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int value;
    private int count;

    void put(int bits, int length) {
      for (int i = length - 1; i >= 0; i--) {
        value = (value << 1) | ((bits >> i) & 1);
        if (++count == 8) {
          out.write(value);
          if (value == 0xFF) {
            out.write(0);
          }
          value = 0;
          count = 0;
        }
      }
    }

    byte[] end() {
      while (count != 0) {
        put(1, 1);
      }
      return out.toByteArray();
    }
  }
}

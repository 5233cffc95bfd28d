package io.gatestream.frame.jpeg;

import java.util.HashMap;
import java.util.Map;

/**
 * Whether the entropy-coded data of a sequential JPEG are whole, found out bit by bit as ITU-T T.81
 * has it (F.2.2): no tables of several bits, nothing read ahead. It takes files with one scan of
 * all components, as OpenCV writes them, whose headers are sound, and no stray bytes.
 */
final class BitByBitReader {
  private final byte[] file;
  private final Map<Integer, Map<Integer, Integer>> tables = new HashMap<>();
  private int[][] components = new int[0][];
  private int width;
  private int height;
  private int interval;
  private int at;
  private int bit;

  private BitByBitReader(byte[] file) {
    this.file = file;
  }

  /** Something that no whole file has. */
  private static final class Damaged extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  static boolean isWhole(byte[] file) {
    try {
      new BitByBitReader(file).read();
      return true;
    } catch (Damaged | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  /** Where the entropy-coded data begin. */
  static int dataOf(byte[] file) {
    BitByBitReader reader = new BitByBitReader(file);
    reader.headers();
    return reader.at;
  }

  private void read() {
    headers();
    int across = 1;
    int down = 1;
    for (int[] component : components) {
      across = Math.max(across, component[1]);
      down = Math.max(down, component[2]);
    }
    int units = ceil(width, 8 * across) * ceil(height, 8 * down);
    for (int unit = 0; unit < units; unit++) {
      if (interval > 0 && unit > 0 && unit % interval == 0) {
        expect(0xD0 + (unit / interval - 1) % 8);
      }
      for (int[] component : components) {
        for (int i = 0; i < component[1] * component[2]; i++) {
          block(component[3], component[4]);
        }
      }
    }
    expect(0xD9);
  }

  private void headers() {
    for (at = 2; ; ) {
      int marker = u16();
      int next = at + u16();
      switch (marker) {
        case 0xFFC0, 0xFFC1 -> frame();
        case 0xFFC4 -> huffman(next);
        case 0xFFDD -> interval = u16();
        case 0xFFDA -> {
          for (int i = 0; i < components.length; i++) {
            int used = file[at + 2 + 2 * i];
            components[i][3] = used >> 4;
            components[i][4] = 16 + (used & 15);
          }
        }
        default -> {}
      }
      at = next;
      if (marker == 0xFFDA) {
        return;
      }
    }
  }

  private void frame() {
    height = (file[at + 1] & 0xFF) << 8 | (file[at + 2] & 0xFF);
    width = (file[at + 3] & 0xFF) << 8 | (file[at + 4] & 0xFF);
    components = new int[file[at + 5]][5];
    for (int i = 0; i < components.length; i++) {
      int factors = components.length == 1 ? 0x11 : file[at + 7 + 3 * i];
      components[i][1] = factors >> 4;
      components[i][2] = factors & 15;
    }
  }

  private void huffman(int next) {
    while (at < next) {
      Map<Integer, Integer> table = new HashMap<>();
      tables.put((int) file[at], table);
      int symbol = at + 17;
      int code = 1; // the one ahead of it keeps its zeros
      for (int length = 1; length <= 16; length++) {
        code <<= 1;
        for (int i = file[at + length] & 0xFF; i > 0; i--) {
          table.put(code++, file[symbol++] & 0xFF);
        }
      }
      at = symbol;
    }
  }

  private void block(int dc, int ac) {
    int size = symbol(dc);
    skip(size, 11);
    for (int k = 1; k < 64; k++) {
      int symbol = symbol(ac);
      if (symbol == 0) {
        return;
      }
      k += symbol >> 4;
      if (k > 63 || ((symbol & 15) == 0 && symbol != 0xF0)) {
        throw new Damaged();
      }
      skip(symbol & 15, 10);
    }
  }

  private int symbol(int table) {
    int code = 1;
    for (int length = 1; length <= 16; length++) {
      code = code << 1 | bit();
      Integer symbol = tables.getOrDefault(table, Map.of()).get(code);
      if (symbol != null) {
        return symbol;
      }
    }
    throw new Damaged();
  }

  private void skip(int bits, int most) {
    if (bits > most) {
      throw new Damaged();
    }
    for (int i = 0; i < bits; i++) {
      bit();
    }
  }

  private int bit() {
    if (file[at] == (byte) 0xFF && file[at + 1] != 0) {
      throw new Damaged();
    }
    int value = file[at] >> (7 - bit) & 1;
    if (++bit == 8) {
      bit = 0;
      at += file[at] == (byte) 0xFF ? 2 : 1;
    }
    return value;
  }

  /** The rest of a byte, and this marker, before which there may be fill bytes. */
  private void expect(int marker) {
    if (bit > 0) {
      at += file[at] == (byte) 0xFF ? 2 : 1;
      bit = 0;
    }
    do {
      if (file[at++] != (byte) 0xFF) {
        throw new Damaged();
      }
    } while (file[at] == (byte) 0xFF);
    if ((file[at++] & 0xFF) != marker) {
      throw new Damaged();
    }
  }

  private int u16() {
    at += 2;
    return (file[at - 2] & 0xFF) << 8 | (file[at - 1] & 0xFF);
  }

  private static int ceil(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}

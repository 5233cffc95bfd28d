package io.gatestream.frame.png;

import static io.gatestream.frame.png.PngDamage.corrupt;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.ImageHeader;
import java.nio.ByteBuffer;

/**
 * The colour type of a PNG, and whether its palette and transparency fit it (PNG specification,
 * clauses 11.2.1, 11.2.2 and 11.3.1). libpng only warns of most of what is refused here, and has
 * had memory errors where the two chunks contradict each other or the type. One file, one thread.
 */
final class PngColour {
  static final PngColour NONE = new PngColour(0, 8, 1);

  private static final int GREY = 0;
  private static final int INDEXED = 3;
  private static final int ENTRY = 3;

  private final int type;
  private final int depth;
  private final int components;
  private int entries;
  private boolean transparent;

  private PngColour(int type, int depth, int components) {
    this.type = type;
    this.depth = depth;
    this.components = components;
  }

  /**
   * Reads the contents of IHDR.
   *
   * @throws FrameDecodeException CORRUPT: no such type and depth, compression, filter or interlace
   */
  static PngColour of(ByteBuffer ihdr) throws FrameDecodeException {
    if (ihdr.remaining() != 13) {
      throw corrupt("IHDR of %d bytes".formatted(ihdr.remaining()));
    }
    int depth = ihdr.get(8);
    int type = ihdr.get(9);
    int components =
        switch (type) {
          case GREY, INDEXED -> 1;
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> throw corrupt("colour type " + type);
        };
    boolean known =
        switch (depth) {
          case 1, 2, 4 -> components == 1;
          case 8 -> true;
          case 16 -> type != INDEXED;
          default -> false;
        };
    if (!known) {
      throw corrupt("bit depth %d with colour type %d".formatted(depth, type));
    }
    if (ihdr.get(10) != 0 || ihdr.get(11) != 0 || ihdr.get(12) < 0 || ihdr.get(12) > 1) {
      throw corrupt(
          "compression %d, filter %d, interlace %d"
              .formatted(ihdr.get(10), ihdr.get(11), ihdr.get(12)));
    }
    return new PngColour(type, depth, components);
  }

  int depth() {
    return depth;
  }

  boolean indexed() {
    return type == INDEXED;
  }

  ImageHeader header(ByteBuffer ihdr) {
    return new ImageHeader(ihdr.getInt(0), ihdr.getInt(4), components);
  }

  /**
   * Takes note of PLTE.
   *
   * @throws FrameDecodeException CORRUPT: not where, how long or in what it may be
   */
  void palette(int bytes, boolean pixelsBegun) throws FrameDecodeException {
    if (entries > 0 || transparent || pixelsBegun) {
      throw corrupt("PLTE twice, or after tRNS or IDAT");
    }
    if (type == GREY || type == 4) {
      throw corrupt("PLTE in a grey picture");
    }
    int most = indexed() ? 1 << depth : 256;
    if (bytes == 0 || bytes % ENTRY != 0 || bytes / ENTRY > most) {
      throw corrupt("PLTE of %d bytes, at most %d entries".formatted(bytes, most));
    }
    entries = bytes / ENTRY;
  }

  /**
   * Takes note of tRNS.
   *
   * @throws FrameDecodeException CORRUPT: not where, how long or in what it may be
   */
  void transparency(int bytes, boolean pixelsBegun) throws FrameDecodeException {
    if (transparent || pixelsBegun) {
      throw corrupt("tRNS twice, or after IDAT");
    }
    transparent = true;
    boolean fits =
        switch (type) {
          case GREY -> bytes == 2;
          case 2 -> bytes == 6;
          case INDEXED -> bytes >= 1 && bytes <= entries;
          default -> false;
        };
    if (!fits) {
      throw corrupt(
          "tRNS of %d bytes with colour type %d and %d palette entries"
              .formatted(bytes, type, entries));
    }
  }

  /**
   * To be called behind all chunks.
   *
   * @throws FrameDecodeException CORRUPT: the pixels are indexes into nothing
   */
  void requirePalette() throws FrameDecodeException {
    if (indexed() && entries == 0) {
      throw corrupt("indexed colours without PLTE");
    }
  }
}

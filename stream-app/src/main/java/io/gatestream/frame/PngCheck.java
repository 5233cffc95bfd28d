package io.gatestream.frame;

import io.gatestream.config.FrameLimits;
import io.gatestream.frame.FrameDecodeException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Checks a PNG file chunk by chunk (PNG specification, clause 5), its pixels too, and keeps only
 * the chunks that its pixels need: compressed texts, colour profiles and animations are never seen
 * by the decoder. Immutable.
 *
 * @param header from IHDR
 * @param file the signature and the chunks that pixels need
 */
record PngCheck(ImageHeader header, ByteBuffer file) {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int IHDR = 0x49484452;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int PLTE = 0x504C5445;
  private static final int TRNS = 0x74524E53;
  private static final Set<Integer> NEEDED = Set.of(IHDR, PLTE, TRNS, IDAT, IEND);

  /** Samples a pixel by colour type; 0 where there is no such type. */
  private static final int[] COMPONENTS = {1, 0, 3, 1, 2, 0, 4};

  /**
   * Checks {@code png}, a heap buffer, from its position to its limit.
   *
   * @throws FrameDecodeException CORRUPT or TOO_LARGE
   */
  static PngCheck of(ByteBuffer png, FrameLimits limits) throws FrameDecodeException {
    ByteBuffer in = png.slice();
    if (in.remaining() < 8 || in.getLong() != SIGNATURE) {
      throw corrupt("no PNG signature");
    }
    ByteArrayOutputStream kept = new ByteArrayOutputStream(png.remaining());
    copy(in, 0, 8, kept);
    ImageHeader header = new ImageHeader(0, 0, 0);
    List<ByteBuffer> pixels = new ArrayList<>();
    int depth = 0;
    boolean interlaced = false;
    int type = 0;
    while (type != IEND) {
      int start = in.position();
      int before = type;
      type = chunk(in);
      int end = in.position();
      ByteBuffer content = in.slice(start + 8, end - start - 12);
      if ((type == IHDR) != (start == 8)) {
        throw corrupt("IHDR is not the first and only one");
      }
      if (type == IHDR) {
        header = header(content).within(limits);
        depth = content.get(8);
        interlaced = content.get(12) == 1;
      }
      if (type == IDAT) {
        if (before != IDAT && !pixels.isEmpty()) {
          throw corrupt("a chunk amid the pixels");
        }
        pixels.add(content);
      }
      if (NEEDED.contains(type)) {
        copy(in, start, end, kept);
      } else if ((type & 0x20000000) == 0) {
        throw corrupt("unknown critical chunk %08x".formatted(type));
      }
    }
    while (in.hasRemaining()) {
      if (in.get() != 0) {
        throw corrupt("data after IEND");
      }
    }
    PngPixels.check(header, depth, interlaced, pixels);
    return new PngCheck(header, ByteBuffer.wrap(kept.toByteArray()));
  }

  /** Steps over one chunk and returns its type. */
  private static int chunk(ByteBuffer in) throws FrameDecodeException {
    if (in.remaining() < 12) {
      throw corrupt("it ends before IEND");
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining() - 8) {
      throw corrupt("a chunk of %d bytes where %d remain".formatted(length, in.remaining() - 8));
    }
    CRC32 crc = new CRC32();
    crc.update(in.slice(in.position(), length + 4));
    int type = in.getInt();
    in.position(in.position() + length);
    if (in.getInt() != (int) crc.getValue()) {
      throw corrupt("checksum of chunk %08x".formatted(type));
    }
    return type;
  }

  private static ImageHeader header(ByteBuffer data) throws FrameDecodeException {
    if (data.remaining() != 13) {
      throw corrupt("IHDR of %d bytes".formatted(data.remaining()));
    }
    int depth = data.get(8);
    if (depth < 1 || depth > 16 || Integer.bitCount(depth) != 1) {
      throw corrupt("bit depth " + depth);
    }
    int colour = data.get(9);
    if (colour < 0 || colour >= COMPONENTS.length || COMPONENTS[colour] == 0) {
      throw corrupt("colour type " + colour);
    }
    return new ImageHeader(data.getInt(0), data.getInt(4), COMPONENTS[colour]);
  }

  private static void copy(ByteBuffer in, int start, int end, ByteArrayOutputStream out) {
    out.write(in.array(), in.arrayOffset() + start, end - start);
  }

  private static FrameDecodeException corrupt(String problem) {
    return new FrameDecodeException(Reason.CORRUPT, "PNG: " + problem);
  }
}

package io.gatestream.frame.png;

import static io.gatestream.frame.png.PngDamage.corrupt;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Checks a PNG file chunk by chunk (PNG specification, clause 5), its pixels too, and keeps only
 * the chunks that its pixels need: compressed texts, colour profiles, animations and transparency
 * are never seen by the decoder, nor is what follows IEND. Immutable.
 *
 * @param header from IHDR
 * @param file the signature and the chunks that pixels need
 */
public record PngCheck(ImageHeader header, ByteBuffer file) {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int IHDR = 0x49484452;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int PLTE = 0x504C5445;
  private static final int TRNS = 0x74524E53;
  private static final Set<Integer> NEEDED = Set.of(IHDR, IDAT, IEND);

  /** Fewest bytes of a chunk on average, in a file of very many; encoders write 8 KB and more. */
  private static final int CHUNK_BYTES = 256;

  private static final int FEW_CHUNKS = 1_000;

  /**
   * Checks {@code png}, a heap buffer, from its position to its limit.
   *
   * @throws FrameDecodeException CORRUPT or TOO_LARGE
   */
  public static PngCheck of(ByteBuffer png, FrameLimits limits) throws FrameDecodeException {
    ByteBuffer in = png.slice();
    if (in.remaining() < 8 || in.getLong() != SIGNATURE) {
      throw corrupt("no PNG signature");
    }
    ByteArrayOutputStream kept = new ByteArrayOutputStream(png.remaining());
    copy(in, 0, 8, kept);
    PngColour colour = PngColour.NONE;
    ImageHeader header = new ImageHeader(0, 0, 0);
    List<ByteBuffer> pixels = new ArrayList<>();
    boolean interlaced = false;
    int type = 0;
    int chunks = 0;
    while (type != IEND) {
      if (++chunks > FEW_CHUNKS + png.remaining() / CHUNK_BYTES) {
        throw new FrameDecodeException(
            Reason.TOO_LARGE,
            "PNG of more than %d chunks in %d bytes".formatted(chunks - 1, png.remaining()));
      }
      int start = in.position();
      int before = type;
      type = chunk(in);
      int end = in.position();
      ByteBuffer content = in.slice(start + 8, end - start - 12);
      if ((type == IHDR) != (start == 8)) {
        throw corrupt("IHDR is not the first and only one");
      }
      if (type == IHDR) {
        colour = PngColour.of(content);
        header = colour.header(content).within(limits);
        interlaced = content.get(12) == 1;
        work(header, colour, interlaced, limits);
      }
      if (type == IDAT) {
        if (before != IDAT && !pixels.isEmpty()) {
          throw corrupt("a chunk amid the pixels");
        }
        pixels.add(content);
      }
      if (type == PLTE) {
        colour.palette(content.remaining(), !pixels.isEmpty());
      } else if (type == TRNS) {
        colour.transparency(content.remaining(), !pixels.isEmpty());
      }
      // a palette beside full colours is a hint for poorer screens
      if (NEEDED.contains(type) || (type == PLTE && colour.indexed())) {
        copy(in, start, end, kept);
      } else if (type != PLTE && (type & 0x20000000) == 0) {
        throw corrupt("unknown critical chunk %08x".formatted(type));
      }
    }
    colour.requirePalette();
    PngPixels.check(header, colour.depth(), interlaced, pixels);
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

  private static void work(
      ImageHeader header, PngColour colour, boolean interlaced, FrameLimits limits)
      throws FrameDecodeException {
    long samples = (long) header.width() * header.height() * header.components();
    long work = samples * (colour.depth() > 8 ? 2 : 1) * (interlaced ? 2 : 1);
    if (work > limits.maxWork()) {
      throw ImageHeader.tooMuchWork("PNG", work, limits);
    }
  }

  private static void copy(ByteBuffer in, int start, int end, ByteArrayOutputStream out) {
    out.write(in.array(), in.arrayOffset() + start, end - start);
  }
}

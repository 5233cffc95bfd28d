package io.gatestream.frame.jpeg;

import static io.gatestream.frame.jpeg.JpegDamage.corrupt;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import io.gatestream.frame.JpegDepth;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import org.jspecify.annotations.Nullable;

/**
 * Checks a JPEG file from SOI to EOI, all its Huffman codes included (ITU-T T.81); what follows EOI
 * is not part of the picture. The decoder in OpenCV paints grey over damage and reports success, so
 * nothing goes there that did not pass here. {@link JpegDepth#STRUCTURE} leaves out the codes. What
 * it cannot see is damage that leaves a valid file: a flipped bit in a coefficient's value or in a
 * quantisation table. One object for one file, used by one thread; made for every frame, so loops
 * stand here in place of streams, whose objects were a sixth of a frame's garbage.
 */
public final class JpegCheck {
  private static final HuffmanTable NO_DC = new HuffmanTable(false);
  private static final HuffmanTable NO_AC = new HuffmanTable(true);
  private static final HuffmanTable DC_LUMINANCE = standard(JPEGHuffmanTable.StdDCLuminance, false);
  private static final HuffmanTable DC_CHROMINANCE =
      standard(JPEGHuffmanTable.StdDCChrominance, false);
  private static final HuffmanTable AC_LUMINANCE = standard(JPEGHuffmanTable.StdACLuminance, true);
  private static final HuffmanTable AC_CHROMINANCE =
      standard(JPEGHuffmanTable.StdACChrominance, true);
  private static final List<HuffmanTable> STANDARD_DC = List.of(DC_LUMINANCE, DC_CHROMINANCE);
  private static final List<HuffmanTable> STANDARD_AC = List.of(AC_LUMINANCE, AC_CHROMINANCE);

  private final byte[] data;
  private final int start;
  private final int end;
  private final FrameLimits limits;
  private final JpegTables room;
  private final HuffmanTable[] dc = new HuffmanTable[4];
  private final HuffmanTable[] ac = new HuffmanTable[4];
  private final List<JpegComponent> components = new ArrayList<>();
  private @Nullable ImageHeader header;
  private JpegComponent.@Nullable Grid grid;
  private boolean progressive;
  private int restartInterval;
  private final JpegStray stray;
  private final JpegCost cost;
  private int position;

  private JpegCheck(ByteBuffer jpeg, FrameLimits limits, JpegTables room) {
    this.data = jpeg.array();
    this.start = jpeg.arrayOffset() + jpeg.position();
    this.position = start;
    this.end = start + jpeg.remaining();
    this.limits = limits;
    this.stray = new JpegStray(limits.strayBytes());
    this.cost = new JpegCost(limits);
    this.room = room;
    Arrays.fill(dc, NO_DC);
    Arrays.fill(ac, NO_AC);
    // Motion JPEG leaves its tables out
    dc[0] = DC_LUMINANCE;
    dc[1] = DC_CHROMINANCE;
    ac[0] = AC_LUMINANCE;
    ac[1] = AC_CHROMINANCE;
  }

  /**
   * Checks {@code jpeg}, a heap buffer, from its position to its limit.
   *
   * @param room the file's own tables go there
   * @throws FrameDecodeException CORRUPT, TOO_LARGE, or UNKNOWN_ENCODING for kinds of JPEG that are
   *     not taken: CMYK, arithmetic coding, lossless, 12 bits
   */
  public static JpegFile of(ByteBuffer jpeg, FrameLimits limits, JpegTables room)
      throws FrameDecodeException {
    return new JpegCheck(jpeg, limits, room).walk();
  }

  private JpegFile walk() throws FrameDecodeException {
    // no fill bytes before it: the decoder knows a JPEG by its first two bytes
    if (u8() != 0xFF || u8() != 0xD8) {
      throw corrupt("no start of image");
    }
    int marker = marker();
    for (; marker != 0xD9; marker = marker()) {
      cost.segment();
      if (marker >= 0xD0 && marker <= 0xD8) {
        // a restart behind the last interval, a second start: they say nothing of the picture
        stray.skip(position - 2, position);
        continue;
      }
      int length = u16();
      int next = position - 2 + length;
      if (length < 2 || next > end) {
        throw corrupt("a segment of %d bytes beyond the end".formatted(length));
      }
      switch (marker) {
        case 0xC0, 0xC1, 0xC2 -> frame(marker, next);
        case 0xC4 -> tables(next);
        case 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF ->
            throw unsupported("coding process %02X".formatted(marker));
        case 0xDD -> restartInterval = u16();
        case 0xDA -> next = scan(next);
        default -> {
          // comments, application data and quantisation tables
          if (marker < 0xDB) {
            throw corrupt("marker %02X".formatted(marker));
          }
        }
      }
      position = next;
    }
    boolean complete = header != null;
    for (JpegComponent component : components) {
      complete &= component.complete();
    }
    if (header == null || !complete) {
      throw corrupt("the end of image comes before all of it");
    }
    return new JpegFile(header, stray.without(data, start, position));
  }

  private int marker() throws FrameDecodeException {
    if (u8() != 0xFF) {
      toMarker();
    }
    int marker = u8();
    while (marker == 0xFF) {
      marker = u8();
    }
    return marker;
  }

  /** Steps over bytes between segments, behind the FF of the marker. */
  private void toMarker() throws FrameDecodeException {
    int from = position - 1;
    while (position + 1 < end
        && (data[position] != (byte) 0xFF || data[position + 1] == 0)
        && position - from <= JpegStray.LONGEST) {
      position++;
    }
    stray.skip(from, position);
    if (u8() != 0xFF) {
      throw corrupt("no marker where one must be");
    }
  }

  private void frame(int marker, int next) throws FrameDecodeException {
    if (header != null) {
      throw corrupt("two frames");
    }
    if (u8() != 8) {
      throw unsupported("more than 8 bits a sample");
    }
    int height = u16();
    int width = u16();
    int count = u8();
    ImageHeader found = new ImageHeader(width, height, count).within(limits);
    if (count != 1 && count != 3) {
      throw unsupported("%d colour components".formatted(count));
    }
    if (position + 3 * count != next) {
      throw corrupt("frame header of the wrong length");
    }
    int[][] factors = new int[count][];
    for (int i = 0; i < count; i++) {
      int id = u8();
      int sampling = u8();
      u8();
      factors[i] = new int[] {id, sampling >>> 4, sampling & 15};
      if (factors[i][1] < 1 || factors[i][1] > 4 || factors[i][2] < 1 || factors[i][2] > 4) {
        throw corrupt("sampling factors %02X".formatted(sampling));
      }
    }
    if (count == 1) {
      // a single component is never interleaved, whatever its factors say
      factors[0][1] = 1;
      factors[0][2] = 1;
    }
    int across = 1;
    int down = 1;
    for (int[] f : factors) {
      across = Math.max(across, f[1]);
      down = Math.max(down, f[2]);
    }
    progressive = marker == 0xC2;
    header = found;
    grid = JpegComponent.Grid.of(found, across, down);
    boolean remembers = progressive && limits.jpegDepth() == JpegDepth.FULL;
    for (int[] f : factors) {
      components.add(new JpegComponent(f[0], f[1], f[2], grid, found, remembers));
    }
  }

  private void tables(int next) throws FrameDecodeException {
    while (position < next) {
      int kind = u8();
      int[] counts = new int[16];
      int symbols = 0;
      for (int i = 0; i < 16; i++) {
        counts[i] = u8();
        symbols += counts[i];
      }
      if ((kind & 0xEC) != 0 || symbols > 256 || position + symbols > next) {
        throw corrupt("Huffman table %02X of %d codes".formatted(kind, symbols));
      }
      cost.huffmanTable();
      HuffmanTable table =
          table(kind, counts, Arrays.copyOfRange(data, position, position + symbols));
      (kind >= 0x10 ? ac : dc)[kind & 3] = table;
      position += symbols;
    }
  }

  /** Walks one scan and returns the position behind it. */
  private int scan(int next) throws FrameDecodeException {
    if (grid == null) {
      throw corrupt("a scan before the frame header");
    }
    int count = u8();
    if (count < 1 || count > components.size() || position + 2 * count + 3 != next) {
      throw corrupt("scan header of the wrong length");
    }
    List<ScanPart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = u8();
      int tables = u8();
      JpegComponent component = component(id);
      for (ScanPart part : parts) {
        if (part.component() == component) {
          throw corrupt("a component twice in a scan");
        }
      }
      parts.add(new ScanPart(component, dc[tables >>> 4 & 3], ac[tables & 3]));
    }
    int first = u8();
    int last = u8();
    int bits = u8();
    JpegScan.Spec spec = new JpegScan.Spec(parts, first, last, bits >>> 4, bits & 15, progressive);
    spec.apply();
    cost.scan(spec.blocks(grid));
    return new JpegScan(spec, data, next, end, stray, room.window())
        .walk(grid, restartInterval, limits.jpegDepth());
  }

  /** The first with an id. */
  private JpegComponent component(int id) throws FrameDecodeException {
    for (JpegComponent component : components) {
      if (component.id == id) {
        return component;
      }
    }
    throw corrupt("a scan of component %d".formatted(id));
  }

  private int u8() throws FrameDecodeException {
    if (position >= end) {
      throw corrupt("it ends before the end of image");
    }
    return data[position++] & 0xFF;
  }

  private int u16() throws FrameDecodeException {
    return u8() << 8 | u8();
  }

  /** Many files carry the standard tables, which are ready. */
  private HuffmanTable table(int kind, int[] counts, byte[] symbols) throws FrameDecodeException {
    boolean isAc = kind >= 0x10;
    for (HuffmanTable standard : isAc ? STANDARD_AC : STANDARD_DC) {
      if (standard.isOf(counts, symbols)) {
        return standard;
      }
    }
    return room.load(isAc, kind & 3, counts, symbols);
  }

  private static HuffmanTable standard(JPEGHuffmanTable table, boolean ac) {
    int[] counts = new int[16];
    for (int i = 0; i < table.getLengths().length; i++) {
      counts[i] = table.getLengths()[i];
    }
    byte[] symbols = new byte[table.getValues().length];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = (byte) table.getValues()[i];
    }
    HuffmanTable ready = new HuffmanTable(ac);
    try {
      ready.load(counts, symbols);
      return ready;
    } catch (FrameDecodeException e) {
      throw new IllegalStateException("a standard table", e);
    }
  }

  private static FrameDecodeException unsupported(String what) {
    return new FrameDecodeException(
        Reason.UNKNOWN_ENCODING, "JPEG with %s is not supported".formatted(what));
  }
}

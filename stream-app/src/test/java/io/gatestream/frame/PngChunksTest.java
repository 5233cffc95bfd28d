package io.gatestream.frame;

import static io.gatestream.frame.TestPngs.chunk;
import static io.gatestream.frame.TestPngs.end;
import static io.gatestream.frame.TestPngs.header;
import static io.gatestream.frame.TestPngs.pixels;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.frame.png.PngCheck;
import io.gatestream.schema.Encoding;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Palettes, transparency and other chunks, before libpng sees them. */
class PngChunksTest {
  private static final int SIDE = 8;
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int INDEXED = 3;
  private static final InputSpec INPUT =
      new InputSpec(SIDE, SIDE, Resize.of(Mode.STRETCH, Interpolation.NEAREST));

  private static byte[] rows(int type) {
    int samples = type == RGB ? 3 : type == 4 ? 2 : type == 6 ? 4 : 1;
    byte[] rows = new byte[SIDE * (1 + SIDE * samples)];
    Random random = new Random(type);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (byte) (i % (1 + SIDE * samples) == 0 ? 0 : random.nextInt(16));
    }
    return rows;
  }

  private static byte[] palette(int entries) {
    byte[] palette = new byte[3 * entries];
    new Random(5).nextBytes(palette);
    return chunk("PLTE", palette);
  }

  private static byte[] transparency(int bytes) {
    return chunk("tRNS", new byte[bytes]);
  }

  private static byte[] png(int type, byte[]... chunks) {
    byte[][] all = new byte[chunks.length + 3][];
    all[0] = header(SIDE, SIDE, 8, type, 0);
    System.arraycopy(chunks, 0, all, 1, chunks.length);
    all[chunks.length + 1] = pixels(rows(type));
    all[chunks.length + 2] = end();
    return TestPngs.of(all);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 16, 17", // more than the palette has
    "3, 16, 256",
    "3, 16, 0",
    "0, 0, 1",
    "0, 0, 3",
    "0, 0, 6",
    "2, 0, 2",
    "2, 0, 5",
    "2, 16, 256",
    "4, 0, 2", // types with an alpha of their own
    "6, 0, 6",
  })
  void transparencyThatDoesNotFitIsRefused(int type, int entries, int bytes) {
    byte[] png =
        entries > 0
            ? png(type, palette(entries), transparency(bytes))
            : png(type, transparency(bytes));
    rejected(png, Reason.CORRUPT);
  }

  @ParameterizedTest
  @CsvSource({"0, 16", "4, 16", "3, 257", "3, 0", "2, 257"})
  void palettesThatDoNotFitAreRefused(int type, int entries) {
    rejected(png(type, palette(entries)), Reason.CORRUPT);
  }

  @Test
  void aPaletteOfNoWholeEntriesOrOfMoreThanTheDepthHasIsRefused() {
    rejected(png(INDEXED, chunk("PLTE", new byte[47])), Reason.CORRUPT);
    byte[] rows = new byte[2 * SIDE];
    for (int entries : new int[] {1, 2, 3}) {
      byte[] oneBit =
          TestPngs.of(header(SIDE, SIDE, 1, INDEXED, 0), palette(entries), pixels(rows), end());
      if (entries > 2) {
        rejected(oneBit, Reason.CORRUPT);
      } else {
        assertThat(decoded(oneBit)).hasSize(INPUT.bytes());
      }
    }
  }

  @Test
  void twiceOrInTheWrongOrderIsRefused() {
    byte[] colours = palette(16);
    byte[] alpha = transparency(3);
    rejected(png(INDEXED, colours, colours), Reason.CORRUPT);
    rejected(png(INDEXED, colours, alpha, alpha), Reason.CORRUPT);
    rejected(png(INDEXED, alpha, colours), Reason.CORRUPT);
    rejected(png(INDEXED, colours, alpha, colours), Reason.CORRUPT);
    rejected(png(RGB, transparency(6), colours), Reason.CORRUPT);
    rejected(png(INDEXED), Reason.CORRUPT);
    byte[] begin = header(SIDE, SIDE, 8, INDEXED, 0);
    byte[] data = pixels(rows(INDEXED));
    rejected(TestPngs.of(begin, data, colours, end()), Reason.CORRUPT);
    rejected(TestPngs.of(begin, colours, data, alpha, end()), Reason.CORRUPT);
    rejected(TestPngs.of(begin, colours, data, colours, end()), Reason.CORRUPT);
  }

  @ParameterizedTest
  @CsvSource({
    "16, 3, 0",
    "1, 2, 0",
    "4, 4, 0",
    "4, 6, 0",
    "8, 1, 0",
    "8, 5, 0",
    "3, 0, 0",
    "8, 2, 2"
  })
  void kindsThatDoNotExistAreRefused(int depth, int type, int interlace) {
    rejected(
        TestPngs.of(
            header(SIDE, SIDE, depth, type, interlace), palette(2), pixels(new byte[900]), end()),
        Reason.CORRUPT);
  }

  @Test
  void transparencyIsReadAndNeverReachesTheDecoder() throws Exception {
    for (int type : new int[] {GREY, RGB, INDEXED}) {
      byte[] alpha = transparency(type == GREY ? 2 : type == RGB ? 6 : 16);
      byte[] plain = type == INDEXED ? png(type, palette(16)) : png(type);
      byte[] clear = type == INDEXED ? png(type, palette(16), alpha) : png(type, alpha);
      String file = seen(clear);
      assertThat(file).doesNotContain("tRNS").isEqualTo(seen(plain));
      assertThat(decoded(clear)).isEqualTo(decoded(plain));
    }
  }

  @Test
  void aPaletteBesideFullColoursNeverReachesTheDecoder() throws Exception {
    for (int type : new int[] {RGB, 6}) {
      assertThat(seen(png(type, palette(200)))).isEqualTo(seen(png(type)));
      assertThat(decoded(png(type, palette(200)))).isEqualTo(decoded(png(type)));
    }
    assertThat(seen(png(INDEXED, palette(16)))).contains("PLTE");
  }

  @Test
  void chunksThatWouldBeInflatedNeverReachTheDecoder() throws Exception {
    byte[] bomb = new byte[60_000];
    byte[] png =
        png(
            RGB,
            chunk("iCCP", bomb),
            chunk("zTXt", bomb),
            chunk("iTXt", bomb),
            chunk("acTL", new byte[8]),
            chunk("eXIf", bomb),
            chunk("hIST", new byte[2]));
    assertThat(seen(png)).isEqualTo(seen(png(RGB)));
  }

  @Test
  void floodsOfChunksAreRefused() {
    byte[][] chunks = new byte[5_000][];
    for (String type : List.of("tEXt", "IDAT")) {
      Arrays.fill(chunks, chunk(type, new byte[0]));
      rejected(png(RGB, chunks), Reason.TOO_LARGE);
    }
    Arrays.fill(chunks, chunk("tEXt", new byte[300]));
    assertThat(decoded(png(RGB, chunks))).isEqualTo(decoded(png(RGB)));
  }

  @Test
  void samplesAreHeldAgainstTheWorkAllowed() throws Exception {
    long samples = SIDE * SIDE * 3;
    FrameLimits exact = new FrameLimits(99, 9_999, 9, 9, samples, StrayBytes.REPAIR);
    FrameLimits less = new FrameLimits(99, 9_999, 9, 9, samples - 1, StrayBytes.REPAIR);
    ByteBuffer png = ByteBuffer.wrap(png(RGB));
    assertThat(PngCheck.of(png, exact).header().width()).isEqualTo(SIDE);
    assertThatThrownBy(() -> PngCheck.of(png, less)).hasMessageContaining("max.work is 191");
  }

  /** The file that libpng is given. */
  private static String seen(byte[] png) throws FrameDecodeException {
    ByteBuffer file = PngCheck.of(ByteBuffer.wrap(png), FrameLimits.DEFAULT).file();
    return ISO_8859_1.decode(file).toString();
  }

  private static byte[] decoded(byte[] png) {
    TestPictures.Kept kept = new TestPictures.Kept(INPUT.bytes(), 1);
    try (PictureDecoder decoder = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
      decoder.decode(TestPictures.frame(Encoding.PNG, png), kept);
    } catch (FrameDecodeException e) {
      throw new AssertionError(e);
    }
    return kept.pictures.get(0);
  }

  private static void rejected(byte[] png, Reason reason) {
    assertThatThrownBy(() -> PngCheck.of(ByteBuffer.wrap(png), FrameLimits.DEFAULT))
        .isInstanceOfSatisfying(
            FrameDecodeException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }
}

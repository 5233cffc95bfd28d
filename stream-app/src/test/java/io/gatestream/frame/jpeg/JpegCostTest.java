package io.gatestream.frame.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import io.gatestream.frame.StrayBytes;
import io.gatestream.frame.TestPictures;
import java.nio.ByteBuffer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small JPEG may not cost much: it is refused by what it would take, not by the clock. */
class JpegCostTest {
  private static final FrameLimits STANDARD = FrameLimits.DEFAULT;

  @Test
  void thousandsOfScansAreRefused() throws Exception {
    rejected(STANDARD, JpegBombs.scans(64, 64), "max.scans is");
    FrameLimits manyScans = limits(3_000, STANDARD.maxWork());
    assertThat(headerOf(manyScans, JpegBombs.scans(64, 64)).width()).isEqualTo(64);
  }

  @Test
  void scansOfALargePictureAreRefusedByTheirWork() {
    byte[] bomb = JpegBombs.scans(4_096, 4_096);
    assertThat(bomb).hasSizeLessThan(200_000);
    rejected(STANDARD, bomb, "max.work is 1073741824");
  }

  @Test
  void workIsCountedBeforeAScanIsWalked() {
    // 8 x 8 blocks of 64 samples, three components at once in the first scan, then one a scan
    long first = 3 * 64 * 64;
    byte[] bomb = JpegBombs.scans(64, 64);
    rejected(limits(3_000, first - 1), bomb, "JPEG of 1 scans");
    rejected(limits(3_000, first), bomb, "JPEG of 2 scans");
    rejected(limits(3_000, first + 64 * 64), bomb, "JPEG of 3 scans");
  }

  @Test
  void whatEncodersWritePasses() throws Exception {
    byte[] progressive = TestPictures.jpeg(320, 240, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1);
    assertThat(headerOf(STANDARD, progressive).width()).isEqualTo(320);
    assertThat(headerOf(limits(10, STANDARD.maxWork()), progressive).width()).isEqualTo(320);
    rejected(limits(9, STANDARD.maxWork()), progressive, "more than 9 scans");
    byte[] largest = TestPictures.jpeg(4_096, 4_096, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1);
    assertThat(headerOf(STANDARD, largest).height()).isEqualTo(4_096);
  }

  @ParameterizedTest
  @ValueSource(ints = {0xE0, 0xE1, 0xE2, 0xED, 0xFE, 0xDD, 0xDB})
  void floodsOfSegmentsAreRefused(int marker) throws Exception {
    byte[] jpeg = TestPictures.jpeg(16, 16);
    byte[] content = marker == 0xDB ? new byte[65] : new byte[2];
    rejected(
        STANDARD, JpegBombs.withSegments(jpeg, marker, content, 40_000), "more than 1024 segments");
    if (marker != 0xDB) {
      assertThat(headerOf(STANDARD, JpegBombs.withSegments(jpeg, marker, content, 500)).width())
          .isEqualTo(16);
    }
  }

  @Test
  void floodsOfHuffmanTablesAreRefusedHoweverTheyArePacked() {
    byte[] jpeg = TestPictures.jpeg(16, 16);
    byte[] table = new byte[18];
    table[0] = 0x13;
    table[16] = 1;
    rejected(STANDARD, JpegBombs.withSegments(jpeg, 0xC4, table, 200), "Huffman tables");
    byte[] packed = new byte[18 * 3_000];
    for (int i = 0; i < 3_000; i++) {
      System.arraycopy(table, 0, packed, 18 * i, 18);
    }
    rejected(STANDARD, JpegBombs.withSegments(jpeg, 0xC4, packed, 1), "Huffman tables");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0xDE})
  void arithmeticLosslessAndHierarchicalProcessesAreNotTaken(int marker) {
    byte[] jpeg = JpegBombs.withSegments(TestPictures.jpeg(16, 16), marker, new byte[15], 1);
    assertThatThrownBy(() -> headerOf(STANDARD, jpeg))
        .isInstanceOfSatisfying(
            FrameDecodeException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_ENCODING));
  }

  private static FrameLimits limits(int scans, long work) {
    return new FrameLimits(8_192, 16_777_216, 1_000, scans, work, StrayBytes.REPAIR);
  }

  private static ImageHeader headerOf(FrameLimits limits, byte[] jpeg) throws FrameDecodeException {
    return JpegCheck.of(ByteBuffer.wrap(jpeg), limits, new JpegTables()).header();
  }

  private static void rejected(FrameLimits limits, byte[] jpeg, String message) {
    assertThatThrownBy(() -> JpegCheck.of(ByteBuffer.wrap(jpeg), limits, new JpegTables()))
        .isInstanceOfSatisfying(
            FrameDecodeException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.TOO_LARGE))
        .hasMessageContaining(message);
  }
}

package io.gatestream.frame.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.StrayBytes;
import io.gatestream.frame.TestPictures;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;

/** Bytes between a JPEG's markers that belong to nothing, as webcams leave them. */
class JpegStrayTest {
  private static final byte[] CLEAN =
      TestPictures.jpeg(160, 120, opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 2);
  private static final byte[] PROGRESSIVE =
      TestPictures.jpeg(
          160,
          120,
          opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL,
          4,
          opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE,
          1);

  @Test
  void strayBytesBeforeMarkersAreLeftOutOfWhatIsDecoded() throws Exception {
    for (byte[] clean : new byte[][] {CLEAN, PROGRESSIVE}) {
      for (int count = 1; count <= JpegStray.LONGEST; count++) {
        for (int marker : new int[] {0xD0, 0xD3, 0xD9, 0xC4, 0xDA, 0xDB}) {
          byte[] stray = before(clean, marker, bytes(count, 0x12));
          assertThat(stray.length).isGreaterThan(clean.length);
          assertThat(repaired(stray)).isEqualTo(clean);
          refused(stray, StrayBytes.REFUSE);
        }
      }
    }
  }

  @Test
  void stuffedBytesMayBeStrayToo() throws Exception {
    for (int marker : new int[] {0xD1, 0xD9}) {
      byte[] stray = before(CLEAN, marker, new byte[] {(byte) 0xFF, 0, 7, (byte) 0xFF, 0});
      assertThat(repaired(stray)).isEqualTo(CLEAN);
    }
  }

  @Test
  void aRestartMarkerBehindTheLastIntervalIsStray() throws Exception {
    byte[] last = before(CLEAN, 0xD9, new byte[] {(byte) 0xFF, (byte) 0xD4});
    assertThat(repaired(last)).isEqualTo(CLEAN);
    refused(last, StrayBytes.REFUSE);
  }

  @Test
  void aSecondStartOfImageIsStray() throws Exception {
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.write(CLEAN, 0, 2);
    twice.writeBytes(CLEAN);
    assertThat(repaired(twice.toByteArray())).isEqualTo(CLEAN);
    refused(twice.toByteArray(), StrayBytes.REFUSE);
  }

  @Test
  void fillBytesBeforeMarkersBelongToThem() throws Exception {
    byte[] filled = before(CLEAN, 0xD2, bytes(30, 0xFF));
    assertThat(check(filled, StrayBytes.REFUSE)).isEqualTo(filled);
  }

  /** OpenCV knows a JPEG by its first two bytes. */
  @Test
  void noFillBytesComeBeforeTheStart() {
    ByteArrayOutputStream filled = new ByteArrayOutputStream();
    filled.write(0xFF);
    filled.writeBytes(CLEAN);
    assertThatThrownBy(() -> check(filled.toByteArray(), StrayBytes.REPAIR))
        .hasMessageContaining("no start of image");
  }

  @Test
  void moreThanAFewBytesAreDamage() {
    for (int marker : new int[] {0xD0, 0xD9, 0xDB}) {
      refused(before(CLEAN, marker, bytes(JpegStray.LONGEST + 1, 0x12)), StrayBytes.REPAIR);
      refused(before(CLEAN, marker, bytes(5_000, 0x12)), StrayBytes.REPAIR);
    }
  }

  @Test
  void missingAndMisplacedRestartMarkersAreDamage() {
    int first = find(CLEAN, 0xD1);
    byte[] other = CLEAN.clone();
    other[first + 1] = (byte) 0xD5;
    refused(other, StrayBytes.REPAIR);
    byte[] missing = new byte[CLEAN.length - 2];
    System.arraycopy(CLEAN, 0, missing, 0, first);
    System.arraycopy(CLEAN, first + 2, missing, first, missing.length - first);
    refused(missing, StrayBytes.REPAIR);
  }

  @Test
  void damageThatRepairLetsPassAndRefuseDoesNotIsRare() {
    // a restart marker after each row of blocks, as cameras write them
    byte[] rows = TestPictures.jpeg(160, 120, opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 10);
    Random random = new Random(11);
    int refused = 0;
    int repaired = 0;
    int rounds = 3_000;
    for (int i = 0; i < rounds; i++) {
      byte[] damaged = rows.clone();
      int at = 700 + random.nextInt(damaged.length - 710);
      for (int burst = random.nextInt(8); burst >= 0; burst--) {
        damaged[at + burst] = (byte) random.nextInt(255);
      }
      refused += passes(damaged, StrayBytes.REFUSE) ? 1 : 0;
      repaired += passes(damaged, StrayBytes.REPAIR) ? 1 : 0;
    }
    assertThat(repaired - refused).isBetween(0, rounds / 100);
    assertThat(refused).isLessThan(rounds * 3 / 4);
  }

  private static boolean passes(byte[] jpeg, StrayBytes policy) {
    try {
      check(jpeg, policy);
      return true;
    } catch (FrameDecodeException e) {
      return false;
    }
  }

  private static byte[] repaired(byte[] jpeg) throws FrameDecodeException {
    return check(jpeg, StrayBytes.REPAIR);
  }

  /** What the decoder is given. */
  private static byte[] check(byte[] jpeg, StrayBytes policy) throws FrameDecodeException {
    FrameLimits limits = new FrameLimits(8_192, 16_777_216, 1_000, 100, 1L << 30, policy);
    ByteBuffer file = JpegCheck.of(ByteBuffer.wrap(jpeg), limits, new JpegTables()).file();
    byte[] bytes = new byte[file.remaining()];
    file.duplicate().get(bytes);
    return bytes;
  }

  private static void refused(byte[] jpeg, StrayBytes policy) {
    assertThatThrownBy(() -> check(jpeg, policy))
        .isInstanceOfSatisfying(
            FrameDecodeException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.CORRUPT));
  }

  /** With {@code stray} before the first such marker behind the first segment. */
  private static byte[] before(byte[] jpeg, int marker, byte[] stray) {
    int at = find(jpeg, marker);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, at);
    out.writeBytes(stray);
    out.write(jpeg, at, jpeg.length - at);
    return out.toByteArray();
  }

  private static int find(byte[] jpeg, int marker) {
    for (int at = 20; at + 1 < jpeg.length; at++) {
      if ((jpeg[at] & 0xFF) == 0xFF && (jpeg[at + 1] & 0xFF) == marker) {
        return at;
      }
    }
    throw new AssertionError("no marker %02X".formatted(marker));
  }

  private static byte[] bytes(int count, int value) {
    byte[] bytes = new byte[count];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}

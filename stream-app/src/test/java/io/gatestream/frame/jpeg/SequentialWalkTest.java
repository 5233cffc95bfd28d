package io.gatestream.frame.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.StrayBytes;
import io.gatestream.frame.TestPictures;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;

/**
 * What the check takes in leaps, somebody else reads bit by bit: both say the same of all damage.
 */
class SequentialWalkTest {
  private static final FrameLimits REFUSE =
      new FrameLimits(8_192, 16_777_216, 1, 1, 1 << 30, StrayBytes.REFUSE);

  /** Used from picture to picture, as a decoder does. */
  private static final JpegTables ROOM = new JpegTables();

  private static final int[] QUALITIES = {10, 50, 85, 95, 100};
  private static final int[] SAMPLINGS = {0x411111, 0x221111, 0x211111, 0x121111, 0x111111};
  private static final int[] INTERVALS = {0, 1, 2, 7};
  private static final List<byte[]> PICTURES = pictures();

  private static List<byte[]> pictures() {
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < QUALITIES.length * SAMPLINGS.length; i++) {
      int[] parameters = {
        opencv_imgcodecs.IMWRITE_JPEG_QUALITY, QUALITIES[i % 5],
        opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS[i / 5],
        opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, INTERVALS[i % 4],
        opencv_imgcodecs.IMWRITE_JPEG_OPTIMIZE, i / 2 % 2
      };
      pictures.add(
          i % 3 == 0
              ? noise(40 + i, 50, i % 2 == 0 ? 3 : 1, parameters)
              : TestPictures.jpeg(100 + i, 60, parameters));
    }
    return pictures;
  }

  /** Its blocks are full, and end without a code that says so. */
  private static byte[] noise(int width, int height, int channels, int... parameters) {
    byte[] pixels = new byte[width * height * channels];
    new Random(width).nextBytes(pixels);
    return TestPictures.image(".jpg", pixels, width, height, channels, parameters);
  }

  @Test
  void wholePicturesPassBothWays() {
    for (byte[] jpeg : PICTURES) {
      assertThat(BitByBitReader.isWhole(jpeg)).isTrue();
      assertThat(passes(jpeg)).isTrue();
    }
  }

  @Test
  void dataLongerThanTheWindowPassThroughIt() {
    byte[] jpeg = noise(500, 300, 3, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, 97);
    assertThat(jpeg).hasSizeGreaterThan(100_000);
    assertThat(passes(jpeg)).isTrue();
    int data = BitByBitReader.dataOf(jpeg);
    for (int length = jpeg.length - 3; length > data; length -= 3_001) {
      byte[] cut = Arrays.copyOf(jpeg, length + 2);
      cut[length] = (byte) 0xFF;
      cut[length + 1] = (byte) 0xD9;
      assertThat(passes(cut)).as("cut at %d", length).isFalse();
    }
  }

  @Property(tries = 4_000)
  void damageIsJudgedAsBitByBit(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] whole = PICTURES.get(random.nextInt(PICTURES.size()));
    byte[] damaged = damaged(whole, BitByBitReader.dataOf(whole), random);
    assertThat(passes(damaged)).isEqualTo(BitByBitReader.isWhole(damaged));
  }

  /** Some change anywhere behind {@code from}. */
  private static byte[] damaged(byte[] whole, int from, Random random) {
    byte[] damaged = whole.clone();
    int at = from + random.nextInt(whole.length - from);
    int span = Math.min(1 + random.nextInt(12), whole.length - at);
    switch (random.nextInt(5)) {
      case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> Arrays.fill(damaged, at, at + span, (byte) random.nextInt(256));
      case 2 -> damaged[at] = (byte) 0xFF;
      case 3 -> {
        ByteArrayOutputStream without = new ByteArrayOutputStream();
        without.write(whole, 0, at);
        without.write(whole, at + span, whole.length - at - span);
        damaged = without.toByteArray();
      }
      default -> {
        ByteArrayOutputStream with = new ByteArrayOutputStream();
        with.write(whole, 0, at);
        with.write(whole, from, span);
        with.write(whole, at, whole.length - at);
        damaged = with.toByteArray();
      }
    }
    return damaged;
  }

  private static boolean passes(byte[] jpeg) {
    try {
      JpegCheck.of(ByteBuffer.wrap(jpeg), REFUSE, ROOM);
      return true;
    } catch (FrameDecodeException e) {
      return false;
    }
  }
}

package io.gatestream.frame.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.JpegDepth;
import io.gatestream.frame.TestPictures;
import io.gatestream.frame.decode.StillDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code jpeg.check=structure} sees of a JPEG, and what it gives up. */
class JpegStructureTest {
  private static final FrameLimits FULL = FrameLimits.DEFAULT;
  private static final FrameLimits STRUCTURE = FULL.with(JpegDepth.STRUCTURE);
  private static final byte[] PLAIN = TestPictures.jpeg(160, 120);
  private static final byte[] RESTARTS =
      TestPictures.jpeg(160, 120, opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 4);
  private static final byte[] PROGRESSIVE =
      TestPictures.jpeg(160, 120, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1);

  @Test
  void wholePicturesPass() throws Exception {
    for (byte[] jpeg : new byte[][] {PLAIN, RESTARTS, PROGRESSIVE}) {
      JpegFile file = check(jpeg, STRUCTURE);
      assertThat(file).isEqualTo(check(jpeg, FULL));
      assertThat(file.header().width()).isEqualTo(160);
    }
  }

  @Test
  void aScanThatIsCutPassesAndIsDecodedToSomething() throws Exception {
    byte[] cut = cut(PLAIN, PLAIN.length / 2);
    refused(cut, FULL, "less data than pixels");
    assertThat(check(cut, STRUCTURE).header().height()).isEqualTo(120);
    InputSpec input =
        new InputSpec(
            64, 64, InputSpec.Resize.of(InputSpec.Mode.STRETCH, InputSpec.Interpolation.AREA));
    try (StillDecoder decoder = new StillDecoder(input, STRUCTURE)) {
      assertThat(decoder.jpeg(ByteBuffer.wrap(cut)).rows()).isEqualTo(120);
    }
  }

  @Test
  void codesThatNoTableHasPass() throws Exception {
    byte[] damaged = PLAIN.clone();
    Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 40, (byte) 0xFE);
    refused(damaged, FULL, "JPEG");
    assertThat(check(damaged, STRUCTURE).header().width()).isEqualTo(160);
  }

  @Test
  void theEndMustBeThere() {
    refused(Arrays.copyOf(PLAIN, PLAIN.length - 2), STRUCTURE, "ends before the end of image");
    refused(Arrays.copyOf(PLAIN, PLAIN.length / 2), STRUCTURE, "ends before the end of image");
  }

  @Test
  void aScanWithoutDataIsRefused() {
    int data = BitByBitReader.dataOf(PLAIN);
    refused(cut(PLAIN, data), STRUCTURE, "less data than pixels");
  }

  @Test
  void everyRestartMarkerMustBeThereInItsOrder() {
    refused(cut(RESTARTS, RESTARTS.length / 2), STRUCTURE, "restart marker");
    byte[] other = RESTARTS.clone();
    for (int at = other.length - 3; at > 0; at--) {
      if (other[at] == (byte) 0xFF && (other[at + 1] & 0xF8) == 0xD0) {
        other[at + 1] ^= 1;
        break;
      }
    }
    refused(other, STRUCTURE, "restart marker");
  }

  @Test
  void scansThatLeaveCoefficientsUnknownAreRefused() {
    int last = PROGRESSIVE.length - 2;
    while (PROGRESSIVE[last] != (byte) 0xFF || PROGRESSIVE[last + 1] != (byte) 0xDA) {
      last--;
    }
    refused(cut(PROGRESSIVE, last), STRUCTURE, "before all of it");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void limitsAreThoseOfTheFullCheck(int side) {
    FrameLimits small = new FrameLimits(side, 16, 1).with(JpegDepth.STRUCTURE);
    assertThatThrownBy(() -> check(PLAIN, small))
        .isInstanceOfSatisfying(
            FrameDecodeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
  }

  private static byte[] cut(byte[] jpeg, int length) {
    byte[] cut = Arrays.copyOf(jpeg, length + 2);
    cut[length] = (byte) 0xFF;
    cut[length + 1] = (byte) 0xD9;
    return cut;
  }

  private static JpegFile check(byte[] jpeg, FrameLimits limits) throws FrameDecodeException {
    return JpegCheck.of(ByteBuffer.wrap(jpeg), limits, new JpegTables());
  }

  private static void refused(byte[] jpeg, FrameLimits limits, String message) {
    assertThatThrownBy(() -> check(jpeg, limits))
        .isInstanceOfSatisfying(
            FrameDecodeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
        .hasMessageContaining(message);
  }
}

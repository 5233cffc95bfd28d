package io.gatestream.frame;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.schema.Encoding;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows the end of a picture is not part of it. */
class PictureEndTest {
  private static final InputSpec INPUT =
      new InputSpec(48, 40, Resize.of(Mode.STRETCH, Interpolation.AREA));
  private static final List<byte[]> JPEGS =
      List.of(
          TestPictures.jpeg(96, 72),
          TestPictures.jpeg(96, 72, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1),
          TestPictures.jpeg(96, 72, opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 2),
          TestPictures.image(".jpg", TestPictures.scene(96, 72, 0), 96, 72, 1));
  private static final List<byte[]> PNGS =
      List.of(
          TestPictures.png(40, 30),
          TestPictures.image(".png", TestPictures.scene(40, 30, 0), 40, 30, 1));

  @Property(tries = 200)
  void bytesAfterTheEndOfAStillChangeNothing(
      @ForAll @IntRange(max = 3) int kind, @ForAll @Size(max = 900) byte[] tail) throws Exception {
    byte[] jpeg = JPEGS.get(kind);
    assertThat(pixels(Encoding.JPEG, joined(jpeg, tail))).isEqualTo(pixels(Encoding.JPEG, jpeg));
    byte[] png = PNGS.get(kind % 2);
    assertThat(pixels(Encoding.PNG, joined(png, tail))).isEqualTo(pixels(Encoding.PNG, png));
  }

  @Test
  void whatCamerasLeaveBehindChangesNothing() throws Exception {
    byte[] fill = new byte[700];
    Arrays.fill(fill, (byte) 0xFF);
    byte[] noise = new byte[300];
    new Random(8).nextBytes(noise);
    byte[] smaller = TestPictures.jpeg(24, 16);
    for (byte[] jpeg : JPEGS) {
      byte[] older = TestPictures.jpeg(96, 72, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, 99);
      byte[] olderRest = Arrays.copyOfRange(older, jpeg.length / 2, older.length);
      for (byte[] tail :
          List.of(
              new byte[700],
              fill,
              noise,
              "\r\n--frame".getBytes(US_ASCII),
              smaller,
              olderRest,
              new byte[] {(byte) 0xFF, (byte) 0xD9},
              new byte[] {(byte) 0xFF, (byte) 0xD8},
              TestPictures.png(8, 8))) {
        assertThat(pixels(Encoding.JPEG, joined(jpeg, tail)))
            .isEqualTo(pixels(Encoding.JPEG, jpeg));
      }
    }
  }

  @Test
  void anEndAmidThePictureIsStillNone() {
    for (byte[] jpeg : JPEGS) {
      byte[] early = jpeg.clone();
      early[jpeg.length - 40] = (byte) 0xFF;
      early[jpeg.length - 39] = (byte) 0xD9;
      assertThatThrownBy(() -> pixels(Encoding.JPEG, early))
          .isInstanceOf(FrameDecodeException.class);
      assertThatThrownBy(() -> pixels(Encoding.JPEG, Arrays.copyOf(jpeg, jpeg.length - 2)))
          .isInstanceOf(FrameDecodeException.class);
    }
  }

  @Test
  void bytesAfterASegmentChangeNothing(@TempDir Path folder) throws Exception {
    byte[] noise = new byte[300];
    new Random(9).nextBytes(noise);
    noise[4] = 0; // a box type has no such letter
    for (String container : List.of("mpegts", "mp4")) {
      byte[] segment = TestPictures.segment(folder, container, 64, 48, 5);
      List<byte[]> pictures = segment(segment);
      for (byte[] tail :
          List.of(new byte[1], new byte[700], "\r\n--frame--\r\n".getBytes(US_ASCII), noise)) {
        List<byte[]> found = segment(joined(segment, tail));
        for (int i = 0; i < pictures.size(); i++) {
          assertThat(found.get(i))
              .as("%s, %d bytes", container, tail.length)
              .isEqualTo(pictures.get(i));
        }
      }
    }
  }

  private static List<byte[]> segment(byte[] payload) throws FrameDecodeException {
    return decode(Encoding.H264_SEGMENT, payload, 5);
  }

  private static byte[] pixels(Encoding encoding, byte[] payload) throws FrameDecodeException {
    return decode(encoding, payload, 1).get(0);
  }

  private static List<byte[]> decode(Encoding encoding, byte[] payload, int count)
      throws FrameDecodeException {
    TestPictures.Kept kept = new TestPictures.Kept(INPUT.bytes(), 1);
    try (PictureDecoder decoder = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
      decoder.decode(TestPictures.frame(encoding, payload, count), kept);
    }
    assertThat(kept.pictures).hasSize(count);
    return kept.pictures;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}

package io.gatestream.frame.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Region;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.TestPictures;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which JPEGs are decoded smaller, and that nothing else changes. */
class ReducedScaleTest {
  private static final InputSpec INPUT =
      new InputSpec(64, 64, Resize.of(Mode.STRETCH, Interpolation.AREA)).withReducedScaleJpeg(true);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # mode       | frame    | input   | region          | divisor
          STRETCH      | 64x64    | 64x64   |                 | 1
          STRETCH      | 128x128  | 64x64   |                 | 2
          STRETCH      | 127x500  | 64x64   |                 | 1
          STRETCH      | 500x127  | 64x64   |                 | 1
          STRETCH      | 255x500  | 64x64   |                 | 2
          STRETCH      | 256x256  | 64x64   |                 | 4
          STRETCH      | 640x480  | 64x64   |                 | 4
          STRETCH      | 640x480  | 64x60   |                 | 8
          STRETCH      | 4000x3000| 64x64   |                 | 8
          STRETCH      | 640x480  | 224x224 |                 | 2
          STRETCH      | 640x447  | 224x224 |                 | 1
          STRETCH      | 256x256  | 64x64   | 0.0,0.0,0.5,1.0 | 2
          STRETCH      | 256x256  | 64x64   | 0.0,0.0,0.49,1  | 1
          LETTERBOX    | 640x480  | 224x224 |                 | 2
          LETTERBOX    | 640x200  | 224x224 |                 | 2
          LETTERBOX    | 447x100  | 224x224 |                 | 1
          LETTERBOX    | 128x97   | 64x64   |                 | 1
          LETTERBOX    | 128x98   | 64x64   |                 | 2
          LETTERBOX    | 512x1    | 64x64   |                 | 1
          CENTRE_CROP  | 640x480  | 224x224 |                 | 2
          CENTRE_CROP  | 640x447  | 224x224 |                 | 1
          CENTRE_CROP  | 640x256  | 64x64   |                 | 4
          """)
  void theUsedPartIsAtLeastItsTargetAfterTheDivision(
      Mode mode, String frame, String input, String region, int divisor) {
    int[] size = numbers(frame);
    int[] wanted = numbers(input);
    Optional<Region> cut =
        Optional.ofNullable(region)
            .map(text -> List.of(text.split(",", -1)).stream().map(Double::valueOf).toList())
            .map(v -> new Region(v.get(0), v.get(1), v.get(2), v.get(3)));
    InputSpec spec =
        new InputSpec(
            wanted[0],
            wanted[1],
            new Resize(mode, Interpolation.AREA, List.of(0, 0, 0), cut, true));
    ImageHeader header = new ImageHeader(size[0], size[1], 3);
    assertThat(ReducedScale.of(spec, header)).isEqualTo(divisor);
    assertThat(ReducedScale.of(spec.withReducedScaleJpeg(false), header)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Interpolation.class)
  void theRuleIsThatOfTheReducedPicture(Interpolation interpolation) throws Exception {
    Region region = new Region(0.1, 0.2, 0.55, 0.6);
    Resize resize =
        new Resize(Mode.CENTRE_CROP, interpolation, List.of(0, 0, 0), Optional.of(region), true);
    InputSpec input = new InputSpec(40, 30, resize);
    byte[] jpeg = TestPictures.jpeg(333, 217, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, 85);
    // 183 x 131 pixels are used, of which 175 x 131 after the crop: four times the input
    assertThat(ReducedScale.of(input, ByteBuffer.wrap(jpeg), FrameLimits.DEFAULT)).isEqualTo(4);
    assertThat(decode(input, Encoding.JPEG, jpeg)).isEqualTo(byOpenCv(jpeg, input, interpolation));
  }

  /** Of a picture of 84 x 55 pixels: columns 8 to 54, rows 11 to 43, cropped to 4:3. */
  private static byte[] byOpenCv(byte[] jpeg, InputSpec input, Interpolation interpolation) {
    int method =
        switch (interpolation) {
          case NEAREST -> opencv_imgproc.INTER_NEAREST;
          case LINEAR -> opencv_imgproc.INTER_LINEAR;
          case CUBIC -> opencv_imgproc.INTER_CUBIC;
          case AREA -> opencv_imgproc.INTER_AREA;
        };
    try (BytePointer bytes = new BytePointer(jpeg);
        Mat encoded = new Mat(bytes);
        Mat bgr = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_REDUCED_COLOR_4);
        Mat rgb = new Mat();
        Rect used = new Rect(9, 11, 44, 33);
        Size size = new Size(input.width(), input.height());
        Mat resized = new Mat()) {
      assertThat(List.of(bgr.cols(), bgr.rows())).containsExactly(84, 55);
      opencv_imgproc.cvtColor(bgr, rgb, opencv_imgproc.COLOR_BGR2RGB);
      try (Mat cut = new Mat(rgb, used)) {
        opencv_imgproc.resize(cut, resized, size, 0, 0, method);
      }
      byte[] pixels = new byte[input.bytes()];
      resized.data().get(pixels);
      return pixels;
    }
  }

  @Test
  void otherEncodingsAreDecodedAtFullScale() throws Exception {
    InputSpec full = INPUT.withReducedScaleJpeg(false);
    byte[] png = TestPictures.png(256, 256);
    assertThat(decode(INPUT, Encoding.PNG, png)).isEqualTo(decode(full, Encoding.PNG, png));
    byte[] raw = TestPictures.scene(256, 256, 0);
    assertThat(decode(INPUT, Encoding.RAW_BGR, raw)).isEqualTo(decode(full, Encoding.RAW_BGR, raw));
    byte[] jpeg = TestPictures.jpeg(256, 256);
    assertThat(decode(INPUT, Encoding.JPEG, jpeg)).isNotEqualTo(decode(full, Encoding.JPEG, jpeg));
  }

  @Test
  void whatADecoderDidBeforeChangesNothing() throws Exception {
    byte[][] jpegs = {
      TestPictures.jpeg(512, 512),
      TestPictures.jpeg(100, 80),
      TestPictures.jpeg(257, 300, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1),
      TestPictures.image(".jpg", TestPictures.scene(140, 140, 0), 140, 140, 1)
    };
    try (PictureDecoder used = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
      Random random = new Random(6);
      for (int i = 0; i < 40; i++) {
        byte[] jpeg = jpegs[random.nextInt(jpegs.length)];
        assertThat(decode(used, INPUT, Encoding.JPEG, jpeg))
            .as("seed 6, round %d", i)
            .isEqualTo(decode(INPUT, Encoding.JPEG, jpeg));
      }
    }
  }

  @Test
  void limitsAndDamageAreThoseOfTheWholePicture() {
    byte[] jpeg = TestPictures.jpeg(512, 512);
    FrameLimits small = new FrameLimits(500, 1_000_000, 1_000);
    rejected(small, jpeg, Reason.TOO_LARGE);
    byte[] cut = jpeg.clone();
    cut[jpeg.length * 9 / 10] = (byte) 0xFF;
    cut[jpeg.length * 9 / 10 + 1] = (byte) 0xD9;
    rejected(FrameLimits.DEFAULT, cut, Reason.CORRUPT);
  }

  private static void rejected(FrameLimits limits, byte[] jpeg, Reason reason) {
    try (PictureDecoder decoder = new PictureDecoder(INPUT, limits)) {
      assertThatThrownBy(() -> decode(decoder, INPUT, Encoding.JPEG, jpeg))
          .isInstanceOfSatisfying(
              FrameDecodeException.class,
              e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }
  }

  private static byte[] decode(InputSpec input, Encoding encoding, byte[] payload)
      throws FrameDecodeException {
    try (PictureDecoder decoder = new PictureDecoder(input, FrameLimits.DEFAULT)) {
      return decode(decoder, input, encoding, payload);
    }
  }

  private static byte[] decode(
      PictureDecoder decoder, InputSpec input, Encoding encoding, byte[] payload)
      throws FrameDecodeException {
    Frame frame = TestPictures.frame(encoding, payload);
    if (encoding == Encoding.RAW_BGR) {
      frame.put("width", 256);
      frame.put("height", 256);
    }
    TestPictures.Kept kept = new TestPictures.Kept(input.bytes(), 1);
    decoder.decode(frame, kept);
    return kept.pictures.get(0);
  }

  private static int[] numbers(String size) {
    String[] parts = size.split("x", -1);
    return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
  }
}

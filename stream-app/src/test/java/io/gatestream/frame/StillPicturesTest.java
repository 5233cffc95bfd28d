package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StillPicturesTest {
  private static final InputSpec INPUT =
      new InputSpec(64, 64, Resize.of(Mode.STRETCH, Interpolation.AREA));

  private final PictureDecoder decoder = new PictureDecoder(INPUT, FrameLimits.DEFAULT);

  @AfterEach
  void close() {
    decoder.close();
  }

  @ParameterizedTest
  @EnumSource
  void picturesAreThoseOfOpenCvInEveryInterpolation(Interpolation interpolation) throws Exception {
    InputSpec input = new InputSpec(60, 50, Resize.of(Mode.STRETCH, interpolation));
    try (PictureDecoder other = new PictureDecoder(input, FrameLimits.DEFAULT)) {
      byte[] jpeg = TestPictures.jpeg(640, 480, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, 85);
      assertThat(decode(other, TestPictures.frame(Encoding.JPEG, jpeg), input))
          .isEqualTo(reference(jpeg, input, interpolation));
      byte[] png = TestPictures.png(640, 480);
      byte[] expected = reference(png, input, interpolation);
      assertThat(decode(other, TestPictures.frame(Encoding.PNG, png), input)).isEqualTo(expected);
      Frame raw = TestPictures.frame(Encoding.RAW_BGR, TestPictures.scene(640, 480, 0));
      raw.put("width", 640);
      raw.put("height", 480);
      assertThat(decode(other, raw, input)).isEqualTo(expected);
    }
  }

  @Test
  void everyKindOfJpegThatOpenCvWritesPasses() throws Exception {
    int sampling = opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR;
    int[][] kinds = {
      {},
      {opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1},
      {opencv_imgcodecs.IMWRITE_JPEG_OPTIMIZE, 1},
      {opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 3},
      {opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 3, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1},
      {sampling, opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_411},
      {sampling, opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_420},
      {sampling, opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_422},
      {sampling, opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_440},
      {sampling, opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_444},
    };
    int[][] sizes = {{1, 1}, {8, 8}, {17, 9}, {130, 75}, {3, 300}};
    for (int[] kind : kinds) {
      for (int[] size : sizes) {
        for (int quality : new int[] {1, 50, 100}) {
          int[] parameters = Arrays.copyOf(kind, kind.length + 2);
          parameters[kind.length] = opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
          parameters[kind.length + 1] = quality;
          byte[] jpeg = TestPictures.jpeg(size[0], size[1], parameters);
          assertThat(decode(TestPictures.frame(Encoding.JPEG, jpeg)))
              .isEqualTo(reference(jpeg, INPUT, Interpolation.AREA));
        }
      }
    }
  }

  @Test
  void greyAndAlphaBecomeThreeChannels() throws Exception {
    byte[] pixels = TestPictures.scene(96, 80, 0);
    byte[] grey = TestPictures.image(".jpg", pixels, 96, 80, 1);
    assertThat(decode(TestPictures.frame(Encoding.JPEG, grey)))
        .isEqualTo(reference(grey, INPUT, Interpolation.AREA));
    for (int channels : new int[] {1, 4}) {
      byte[] png = TestPictures.image(".png", TestPictures.scene(192, 80, 0), 96, 80, channels);
      assertThat(decode(TestPictures.frame(Encoding.PNG, png)))
          .isEqualTo(reference(png, INPUT, Interpolation.AREA));
    }
  }

  @Test
  void jpegsCutAnywhereAreCorrupt() {
    int[][] kinds = {
      {},
      {opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1},
      {opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 5}
    };
    for (int[] kind : kinds) {
      byte[] jpeg = TestPictures.jpeg(160, 120, kind);
      for (int length = 1; length < jpeg.length - 2; length += length < 700 ? 1 : 37) {
        byte[] cut = Arrays.copyOf(jpeg, length);
        rejected(TestPictures.frame(Encoding.JPEG, cut), Reason.CORRUPT);
        byte[] ended = Arrays.copyOf(cut, length + 2);
        ended[length] = (byte) 0xFF;
        ended[length + 1] = (byte) 0xD9;
        rejected(TestPictures.frame(Encoding.JPEG, ended), Reason.CORRUPT);
      }
    }
  }

  @Test
  void aJpegWithZeroedOrMissingDataInTheMiddleIsCorrupt() {
    byte[] jpeg = TestPictures.jpeg(320, 240);
    byte[] missing = new byte[jpeg.length - 50];
    System.arraycopy(jpeg, 0, missing, 0, jpeg.length / 2);
    System.arraycopy(
        jpeg, jpeg.length / 2 + 50, missing, jpeg.length / 2, missing.length - jpeg.length / 2);
    rejected(TestPictures.frame(Encoding.JPEG, missing), Reason.CORRUPT);
    byte[] marked = jpeg.clone();
    marked[jpeg.length / 2] = (byte) 0xFF;
    marked[jpeg.length / 2 + 1] = (byte) 0xD9;
    rejected(TestPictures.frame(Encoding.JPEG, marked), Reason.CORRUPT);
  }

  @Test
  void sizesAreCheckedByTheHeaderAlone() {
    byte[] jpeg = TestPictures.jpeg(16, 16);
    for (int i = 0; i + 8 < jpeg.length; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
        ByteBuffer.wrap(jpeg).putShort(i + 5, (short) 20_000).putShort(i + 7, (short) 20_000);
      }
    }
    rejected(TestPictures.frame(Encoding.JPEG, jpeg), Reason.TOO_LARGE);
    rejected(TestPictures.frame(Encoding.PNG, emptyPng(20_000, 20_000)), Reason.TOO_LARGE);
    rejected(TestPictures.frame(Encoding.PNG, emptyPng(-1, 5)), Reason.CORRUPT);
    rejected(TestPictures.frame(Encoding.PNG, emptyPng(8_000, 8_000)), Reason.TOO_LARGE);
    Frame raw = TestPictures.frame(Encoding.RAW_BGR, new byte[12]);
    raw.put("width", Integer.MAX_VALUE);
    raw.put("height", Integer.MAX_VALUE);
    rejected(raw, Reason.TOO_LARGE);
  }

  @Test
  void aPngWithLessDataThanPixelsIsCorrupt() {
    rejected(TestPictures.frame(Encoding.PNG, emptyPng(50, 50)), Reason.CORRUPT);
    byte[] png = TestPictures.png(60, 40);
    for (int length = 1; length < png.length; length += 7) {
      rejected(TestPictures.frame(Encoding.PNG, Arrays.copyOf(png, length)), Reason.CORRUPT);
    }
  }

  @Test
  void rawRowsMustBeExactlyAsLongAsTheSizeSays() {
    for (int bytes : new int[] {1, 11, 13, 300}) {
      Frame raw = TestPictures.frame(Encoding.RAW_BGR, new byte[bytes]);
      raw.put("width", 2);
      raw.put("height", 2);
      rejected(raw, Reason.CORRUPT);
    }
    rejected(TestPictures.frame(Encoding.RAW_BGR, new byte[12]), Reason.BAD_FIELD);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyPayloadIsRejected(Encoding encoding) {
    assertThatThrownBy(() -> decode(TestPictures.frame(encoding, new byte[0])))
        .isInstanceOf(FrameDecodeException.class);
  }

  @Test
  void whatIsNotWhatTheEncodingSaysIsCorrupt() {
    rejected(TestPictures.frame(Encoding.JPEG, TestPictures.png(20, 20)), Reason.CORRUPT);
    rejected(TestPictures.frame(Encoding.PNG, TestPictures.jpeg(20, 20)), Reason.CORRUPT);
    rejected(TestPictures.frame(Encoding.H264_SEGMENT, TestPictures.jpeg(20, 20)), Reason.CORRUPT);
  }

  @Test
  void damagedFilesAreDecodedOrRejectedAndNothingElse() throws Exception {
    byte[][] files = {
      TestPictures.jpeg(96, 64),
      TestPictures.jpeg(96, 64, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1),
      TestPictures.png(48, 32)
    };
    byte[] good = decode(TestPictures.frame(Encoding.JPEG, files[0]));
    Random random = new Random(2);
    int rejections = 0;
    for (int i = 0; i < 900; i++) {
      byte[] damaged = files[i % 3].clone();
      // half of them in the headers
      int reach = random.nextBoolean() ? 700 : damaged.length;
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        damaged[random.nextInt(Math.min(reach, damaged.length))] = (byte) random.nextInt(256);
      }
      Encoding encoding = i % 3 == 2 ? Encoding.PNG : Encoding.JPEG;
      try {
        assertThat(decode(TestPictures.frame(encoding, damaged))).hasSize(INPUT.bytes());
      } catch (FrameDecodeException e) {
        rejections++;
      }
    }
    assertThat(rejections).isGreaterThan(300);
    assertThat(decode(TestPictures.frame(Encoding.JPEG, files[0]))).isEqualTo(good);
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"JPEG", "PNG"})
  void whatADecoderDidBeforeChangesNothing(Encoding encoding) throws Exception {
    byte[] good =
        encoding == Encoding.JPEG
            ? TestPictures.jpeg(24, 16, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, 40)
            : TestPictures.png(24, 16);
    Random random = new Random(4);
    for (int i = 0; i < 3_000; i++) {
      byte[] damaged = good.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      decode(TestPictures.frame(encoding, good));
      String after = outcome(decoder, TestPictures.frame(encoding, damaged));
      try (PictureDecoder fresh = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
        assertThat(after)
            .as("seed 4, round %d", i)
            .isEqualTo(outcome(fresh, TestPictures.frame(encoding, damaged)));
      }
    }
  }

  private static String outcome(PictureDecoder decoder, Frame frame) {
    try {
      return "pixels " + Arrays.hashCode(decode(decoder, frame, INPUT));
    } catch (FrameDecodeException e) {
      return e.reason().name();
    }
  }

  @Test
  void decodersOnTwoThreadsGiveTheSameBytes() throws Exception {
    byte[] jpeg = TestPictures.jpeg(320, 240);
    byte[] expected = decode(TestPictures.frame(Encoding.JPEG, jpeg));
    CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> same(jpeg, expected));
    CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> same(jpeg, expected));
    assertThat(first.get()).isTrue();
    assertThat(second.get()).isTrue();
  }

  private static boolean same(byte[] jpeg, byte[] expected) {
    try (PictureDecoder own = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
      boolean same = true;
      for (int i = 0; i < 50; i++) {
        byte[] found = decode(own, TestPictures.frame(Encoding.JPEG, jpeg), INPUT);
        same &= Arrays.equals(found, expected);
      }
      return same;
    } catch (FrameDecodeException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] decode(Frame frame) throws FrameDecodeException {
    return decode(decoder, frame, INPUT);
  }

  private static byte[] decode(PictureDecoder decoder, Frame frame, InputSpec input)
      throws FrameDecodeException {
    TestPictures.Kept kept = new TestPictures.Kept(input.bytes(), 1);
    decoder.decode(frame, kept);
    assertThat(kept.captureTimes).containsExactly(Micros.of(TestPictures.CAPTURED));
    assertThat(kept.sourceTimes).containsExactly(TestPictures.SOURCE_TIME);
    return kept.pictures.get(0);
  }

  private void rejected(Frame frame, Reason reason) {
    TestPictures.Kept kept = new TestPictures.Kept(INPUT.bytes(), 1);
    assertThatThrownBy(() -> decoder.decode(frame, kept))
        .isInstanceOfSatisfying(
            FrameDecodeException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    assertThat(kept.captureTimes).isEmpty();
  }

  private static byte[] reference(byte[] file, InputSpec input, Interpolation interpolation) {
    int method =
        switch (interpolation) {
          case NEAREST -> opencv_imgproc.INTER_NEAREST;
          case LINEAR -> opencv_imgproc.INTER_LINEAR;
          case CUBIC -> opencv_imgproc.INTER_CUBIC;
          case AREA -> opencv_imgproc.INTER_AREA;
        };
    try (BytePointer bytes = new BytePointer(file);
        Mat encoded = new Mat(bytes);
        Mat bgr = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_COLOR);
        Mat rgb = new Mat();
        Size size = new Size(input.width(), input.height());
        Mat resized = new Mat()) {
      opencv_imgproc.cvtColor(bgr, rgb, opencv_imgproc.COLOR_BGR2RGB);
      opencv_imgproc.resize(rgb, resized, size, 0, 0, method);
      byte[] pixels = new byte[input.bytes()];
      resized.data().get(pixels);
      return pixels;
    }
  }

  /** Sound chunks around next to no data. */
  private static byte[] emptyPng(int width, int height) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) 8).put((byte) 2);
    chunk(png, "IHDR", header.array());
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[10]);
    deflater.finish();
    byte[] data = new byte[100];
    int length = deflater.deflate(data);
    deflater.end();
    chunk(png, "IDAT", Arrays.copyOf(data, length));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
    chunk.put(type.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + data.length);
    png.writeBytes(chunk.putInt((int) crc.getValue()).array());
  }
}

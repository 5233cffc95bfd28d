package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentPicturesTest {
  private static final int FRAMES = 40;
  private static final int WIDTH = 160;
  private static final int HEIGHT = 96;
  private static final InputSpec INPUT =
      new InputSpec(WIDTH, HEIGHT, Resize.of(Mode.STRETCH, Interpolation.AREA));
  private static final List<byte[]> SEGMENTS = new ArrayList<>();

  private static final PictureDecoder decoder = new PictureDecoder(INPUT, FrameLimits.DEFAULT);
  @TempDir static Path folder;

  @BeforeAll
  static void record() throws Exception {
    SEGMENTS.add(TestPictures.segment(folder, "mpegts", WIDTH, HEIGHT, FRAMES));
    SEGMENTS.add(TestPictures.segment(folder, "mp4", WIDTH, HEIGHT, FRAMES));
  }

  @AfterAll
  static void close() {
    decoder.close();
    SEGMENTS.clear();
  }

  @Test
  void everyPictureComesInOrderWithItsTime() throws Exception {
    for (byte[] segment : SEGMENTS) {
      TestPictures.Kept kept = decode(segment, FRAMES, 1);
      assertThat(kept.pictures).hasSize(FRAMES);
      assertThat(kept.sourceTimes).isEqualTo(times(TestPictures.SOURCE_TIME));
      assertThat(kept.captureTimes).isEqualTo(times(Micros.of(TestPictures.CAPTURED)));
    }
  }

  private static List<Long> times(long start) {
    return LongStream.range(0, FRAMES).mapToObj(i -> start + 40_000 * i).toList();
  }

  @Test
  void picturesShowWhatWasRecordedInRgb() throws Exception {
    for (byte[] segment : SEGMENTS) {
      TestPictures.Kept kept = decode(segment, FRAMES, 1);
      for (int i = 0; i < FRAMES; i += 13) {
        byte[] bgr = TestPictures.scene(WIDTH, HEIGHT, i);
        long[] means = new long[6];
        for (int p = 0; p < bgr.length; p++) {
          means[p % 3] += bgr[p - p % 3 + 2 - p % 3] & 0xFF;
          means[3 + p % 3] += kept.pictures.get(i)[p] & 0xFF;
        }
        for (int c = 0; c < 3; c++) {
          assertThat((double) means[3 + c] / means[c]).isBetween(0.97, 1.03);
        }
      }
    }
  }

  @Test
  void unwantedPicturesDoNotChangeTheOthers() throws Exception {
    for (byte[] segment : SEGMENTS) {
      List<byte[]> all = decode(segment, FRAMES, 1).pictures;
      List<byte[]> some = decode(segment, FRAMES, 3).pictures;
      assertThat(some).hasSize(14);
      for (int i = 0; i < some.size(); i++) {
        assertThat(some.get(i)).isEqualTo(all.get(3 * i));
      }
    }
  }

  @Test
  void samplesWithReorderedPicturesDecodeWhole() throws Exception {
    Path sample = Path.of("samples/beach.mp4");
    assumeTrue(Files.exists(sample));
    int count = 0;
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(sample.toFile())) {
      grabber.start();
      while (grabber.grabImage() != null) {
        count++;
      }
    }
    TestPictures.Kept kept = decode(Files.readAllBytes(sample), count, 50);
    assertThat(kept.sourceTimes).hasSize(count).isSorted();
  }

  @Test
  void anotherCountThanFrameCountIsRejected() {
    for (byte[] segment : SEGMENTS) {
      rejected(segment, FRAMES - 1, Reason.FRAME_COUNT);
      rejected(segment, FRAMES + 1, Reason.FRAME_COUNT);
      rejected(segment, 1, Reason.FRAME_COUNT);
    }
  }

  @Test
  void aSegmentCutInTheMiddleIsRejected() {
    for (byte[] segment : SEGMENTS) {
      for (int part = 1; part < 20; part++) {
        byte[] cut = Arrays.copyOf(segment, segment.length * part / 20);
        assertThatThrownBy(() -> decode(cut, FRAMES, 1)).isInstanceOf(FrameDecodeException.class);
      }
    }
  }

  @Test
  void aSegmentThatStartsAfterItsKeyframeIsRejected() {
    byte[] segment = SEGMENTS.get(0);
    // the tables are in the first two packets; the rest of the first keyframe is left out
    byte[] late = Arrays.copyOfRange(segment, segment.length / 376 * 188, segment.length);
    byte[] tables = Arrays.copyOf(segment, 3 * 188);
    byte[] joined = Arrays.copyOf(tables, tables.length + late.length);
    System.arraycopy(late, 0, joined, tables.length, late.length);
    assertThatThrownBy(() -> decode(joined, FRAMES, 1)).isInstanceOf(FrameDecodeException.class);
  }

  @Test
  void picturesAboveTheLimitsAreTooLarge() {
    FrameLimits small = new FrameLimits(128, 1_000_000, 100);
    try (PictureDecoder strict = new PictureDecoder(INPUT, small)) {
      for (byte[] segment : SEGMENTS) {
        Frame frame = TestPictures.frame(Encoding.H264_SEGMENT, segment, FRAMES);
        assertThatThrownBy(() -> strict.decode(frame, new TestPictures.Kept(INPUT.bytes(), 1)))
            .isInstanceOfSatisfying(
                FrameDecodeException.class,
                e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.TOO_LARGE));
      }
    }
  }

  @Test
  void damagedSegmentsAreDecodedOrRejectedAndNothingElse() throws Exception {
    Random random = new Random(3);
    List<byte[]> good = decode(SEGMENTS.get(0), FRAMES, 1).pictures;
    int rejections = 0;
    for (int i = 0; i < 200; i++) {
      byte[] damaged = SEGMENTS.get(i % 2).clone();
      int reach = random.nextBoolean() ? 1500 : damaged.length;
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(decode(damaged, FRAMES, 7).captureTimes).hasSize(FRAMES);
      } catch (FrameDecodeException e) {
        rejections++;
      }
    }
    assertThat(rejections).isGreaterThan(20);
    List<byte[]> again = decode(SEGMENTS.get(0), FRAMES, 1).pictures;
    for (int i = 0; i < FRAMES; i++) {
      assertThat(again.get(i)).isEqualTo(good.get(i));
    }
  }

  @Test
  void aPayloadThatIsNotTheWholeArrayIsRead() throws Exception {
    byte[] segment = SEGMENTS.get(0);
    byte[] padded = new byte[segment.length + 20];
    System.arraycopy(segment, 0, padded, 7, segment.length);
    Frame frame = TestPictures.frame(Encoding.H264_SEGMENT, segment, FRAMES);
    frame.put("payload", ByteBuffer.wrap(padded, 7, segment.length).slice());
    TestPictures.Kept kept = new TestPictures.Kept(INPUT.bytes(), 1);
    decoder.decode(frame, kept);
    assertThat(kept.pictures.get(39)).isEqualTo(decode(segment, FRAMES, 1).pictures.get(39));
  }

  private static TestPictures.Kept decode(byte[] segment, int count, int step)
      throws FrameDecodeException {
    TestPictures.Kept kept = new TestPictures.Kept(INPUT.bytes(), step);
    decoder.decode(TestPictures.frame(Encoding.H264_SEGMENT, segment, count), kept);
    return kept;
  }

  private static void rejected(byte[] segment, int count, Reason reason) {
    assertThatThrownBy(() -> decode(segment, count, 1))
        .isInstanceOfSatisfying(
            FrameDecodeException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }
}

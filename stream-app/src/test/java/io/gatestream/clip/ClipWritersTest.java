package io.gatestream.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.errors.ConfigException;
import io.gatestream.frame.TestPictures;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that clips are, read by FFmpegFrameGrabber. */
class ClipWritersTest {
  private static final Instant START = TestPictures.CAPTURED;
  private static final ClipSpan SPAN =
      ClipSpan.of("camera-1", START.minusSeconds(1), START.plusSeconds(60));

  @TempDir Path folder;

  private final ClipTally tally = new ClipTally();

  private record Shown(long micros, int width, int height, double red) {}

  private static Frame at(Frame frame, long millis) {
    return Frame.newBuilder(frame).setCaptureTime(START.plusMillis(millis)).build();
  }

  private static Frame raw(int width, int height, int grey) {
    byte[] pixels = new byte[3 * width * height];
    java.util.Arrays.fill(pixels, (byte) grey);
    Frame frame = TestPictures.frame(Encoding.RAW_BGR, pixels);
    return Frame.newBuilder(frame).setWidth(width).setHeight(height).build();
  }

  private List<Shown> encoded(Frame... frames) throws IOException {
    Path file = folder.resolve("clip.mp4");
    try (ClipWriter writer = new PictureClip(file, SPAN, Optional.empty(), tally)) {
      for (Frame frame : frames) {
        assertThat(writer.add(frame)).isTrue();
      }
      writer.finish();
    }
    Mp4File.requireWhole(file);
    return shown(file);
  }

  private static List<Shown> shown(Path file) throws IOException {
    List<Shown> all = new ArrayList<>();
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
      grabber.setPixelFormat(avutil.AV_PIX_FMT_RGB24);
      grabber.start();
      org.bytedeco.javacv.Frame picture;
      while ((picture = grabber.grabImage()) != null) {
        ByteBuffer pixels = (ByteBuffer) picture.image[0];
        int middle = picture.imageHeight / 2 * picture.imageStride + 3 * (picture.imageWidth / 2);
        all.add(
            new Shown(
                grabber.getTimestamp(),
                picture.imageWidth,
                picture.imageHeight,
                pixels.get(middle) & 0xFF));
      }
    }
    return all;
  }

  @Test
  void picturesPlayAtThePaceOfTheirCapture() throws IOException {
    List<Shown> shown =
        encoded(
            at(raw(64, 48, 40), 0),
            at(raw(64, 48, 90), 40),
            at(raw(64, 48, 140), 5_000),
            at(raw(64, 48, 190), 5_033));

    assertThat(shown)
        .extracting(Shown::micros)
        .satisfies(
            times -> {
              assertThat(times).hasSize(4);
              assertThat(times.get(1)).isCloseTo(40_000, within(20L));
              assertThat(times.get(2)).isCloseTo(5_000_000, within(20L));
              assertThat(times.get(3)).isCloseTo(5_033_000, within(20L));
            });
    assertThat(shown.get(0).red()).isCloseTo(40, within(6.0));
    assertThat(shown.get(1).red()).isCloseTo(90, within(6.0));
    assertThat(shown.get(3).red()).isCloseTo(190, within(6.0));
  }

  @Test
  void oddSidesGetOnePixelMoreAndLaterSizesAreFittedIn() throws IOException {
    List<Shown> shown = encoded(at(raw(65, 49, 80), 0), at(raw(640, 480, 160), 100));

    assertThat(shown).hasSize(2).allMatch(one -> one.width() == 66 && one.height() == 50);
    assertThat(shown.get(1).red()).isCloseTo(160, within(6.0));
  }

  @Test
  void framesOfOneTimeAreShownOneAfterTheOther() throws IOException {
    assertThat(encoded(at(raw(64, 48, 10), 0), at(raw(64, 48, 90), 0), at(raw(64, 48, 200), 0)))
        .hasSize(3);
  }

  @Test
  void aDamagedPictureIsLeftOutAndCounted() throws IOException {
    byte[] jpeg = TestPictures.jpeg(64, 48);
    Frame half = TestPictures.frame(Encoding.JPEG, java.util.Arrays.copyOf(jpeg, jpeg.length / 2));

    List<Shown> shown =
        encoded(
            at(TestPictures.frame(Encoding.JPEG, jpeg), 0),
            at(half, 40),
            at(TestPictures.frame(Encoding.PNG, TestPictures.png(64, 48)), 80));

    assertThat(shown).hasSize(2);
    assertThat(tally.damaged()).isEqualTo(1);
  }

  @Test
  void segmentsAreOneFileWithoutBeingEncodedAgain() throws Exception {
    for (String container : List.of("mpegts", "mp4")) {
      byte[] payload = TestPictures.segment(folder, container, 64, 48, 25);
      Path file = folder.resolve("of-" + container + ".mp4");
      try (ClipWriter writer = new SegmentClip(file, SPAN, new ClipTally())) {
        for (int i = 0; i < 3; i++) {
          assertThat(
                  writer.add(
                      at(TestPictures.frame(Encoding.H264_SEGMENT, payload, 25), 2_000L * i)))
              .isTrue();
        }
        writer.finish();
      }
      Mp4File.requireWhole(file);
      List<Shown> shown = shown(file);
      assertThat(shown.size()).as(container).isEqualTo(75);
      assertThat(shown).isSortedAccordingTo(java.util.Comparator.comparingLong(Shown::micros));
      assertThat(shown.get(25).micros()).isCloseTo(2_000_000, within(20L));
      assertThat(shown.get(26).micros()).isCloseTo(2_040_000, within(20L));
    }
  }

  @Test
  void segmentsAndPicturesAreEncodedTogether() throws Exception {
    byte[] payload = TestPictures.segment(folder, "mpegts", 64, 48, 25);
    Frame segment = TestPictures.frame(Encoding.H264_SEGMENT, payload, 25);

    List<Shown> shown = encoded(at(segment, 0), at(raw(64, 48, 80), 1_000), at(segment, 2_000));

    assertThat(shown).hasSize(51);
    assertThat(shown.get(50).micros()).isCloseTo(2_960_000, within(20L));
  }

  @Test
  void picturesOfASegmentOutsideOfTheSpanAreNotShown() throws Exception {
    byte[] payload = TestPictures.segment(folder, "mpegts", 64, 48, 25);
    Frame segment = TestPictures.frame(Encoding.H264_SEGMENT, payload, 25);

    assertThat(encoded(at(segment, -1_200), at(segment, 59_700))).hasSize(20 + 8);
  }

  @Test
  void aSegmentOfAnotherSizeHasToBeEncoded() throws Exception {
    try (ClipWriter writer = new SegmentClip(folder.resolve("a.mp4"), SPAN, tally)) {
      Frame first =
          TestPictures.frame(
              Encoding.H264_SEGMENT, TestPictures.segment(folder, "mpegts", 64, 48, 5), 5);
      Frame second =
          TestPictures.frame(
              Encoding.H264_SEGMENT, TestPictures.segment(folder, "mpegts", 96, 48, 5), 5);

      assertThat(writer.add(at(first, 0))).isTrue();
      assertThat(writer.add(at(second, 200))).isFalse();
    }
  }

  @Test
  void aDamagedSegmentIsLeftOut() throws Exception {
    byte[] payload = TestPictures.segment(folder, "mpegts", 64, 48, 5);
    try (ClipWriter writer = new SegmentClip(folder.resolve("a.mp4"), SPAN, tally)) {
      assertThat(writer.add(TestPictures.frame(Encoding.H264_SEGMENT, payload, 5))).isTrue();
      assertThat(writer.add(at(TestPictures.frame(Encoding.H264_SEGMENT, payload, 6), 200)))
          .isTrue();
      writer.finish();
    }
    assertThat(tally.frames()).isEqualTo(5);
    assertThat(tally.damaged()).isEqualTo(6);
  }

  @Test
  void aFileIsWholeOrNotThere() throws IOException {
    Path target = folder.resolve("clip.mp4");
    try (Mp4File file = Mp4File.beside(target)) {
      Files.write(file.part(), new byte[] {0, 0, 0, 16, 'f', 't', 'y', 'p', 0, 0});
      assertThatThrownBy(file::finish).hasMessageContaining("disk");
    }
    assertThat(folder).isEmptyDirectory();

    Files.createFile(target);
    Mp4File.check(target, true);
    assertThatThrownBy(() -> Mp4File.check(target, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--force");
    assertThatThrownBy(() -> Mp4File.check(folder.resolve("no/clip.mp4"), false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no folder");
  }

  @Test
  void aSpanEndsAfterItsBeginning() {
    assertThatThrownBy(() -> ClipSpan.of("a", START, START)).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> ClipSpan.of("a", START, START.plusSeconds(3_000_000)))
        .hasMessageContaining("at most");
  }
}

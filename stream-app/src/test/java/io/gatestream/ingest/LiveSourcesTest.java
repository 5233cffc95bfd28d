package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.schema.Frame;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cameras over HTTP, through FFmpeg and all of ingest: what capture times come out. */
@Timeout(120)
class LiveSourcesTest {
  private static final long TICKS = 3_000;

  @TempDir Path folder;
  private final CollectedFrames sink = new CollectedFrames();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  private ClockReport ingest(
      String url, IngestSettings.Pictures pictures, int frames, InstantSource wall)
      throws InterruptedException {
    IngestSettings settings =
        IngestSettings.DEFAULT
            .with(
                new IngestSettings.Live(
                    10_000, Duration.ofSeconds(3), Duration.ofMillis(20), Duration.ofSeconds(20)))
            .with(pictures)
            .with(
                new IngestSettings.Timing(
                    false,
                    Optional.empty(),
                    1,
                    0,
                    OptionalDouble.empty(),
                    OptionalLong.of(frames)));
    IngestListener listener =
        new IngestListener() {
          @Override
          public void warning(VideoSource source, String text) {
            warnings.add(text);
          }
        };
    List<VideoSource> sources = SourceFinder.find(List.of(url), Optional.of("cam"), "");
    try (Ingest ingest = new Ingest(settings, sources, sink, wall, listener)) {
      IngestReport report = ingest.run();
      assertThat(report.failed()).as("%s", report).isFalse();
      return report.sources().get(0).clock();
    }
  }

  /** A clip of 300 pictures, 30 a second, sent at once as a demuxer's backlog is. */
  private ClockReport clip(
      LongUnaryOperator ticks, IngestSettings.Pictures pictures, int frames, InstantSource wall)
      throws Exception {
    byte[] clip = Files.readAllBytes(TestClips.h264(folder.resolve("cam.ts"), 300));
    TsStamps.rewrite(clip, ticks);
    try (HttpCamera camera = new HttpCamera("video/mp2t", out -> out.write(clip))) {
      return ingest(camera.url("cam.ts"), pictures, frames, wall);
    }
  }

  private Timeline timeline() {
    Timeline timeline = new Timeline();
    sink.frames().forEach(f -> timeline.add(FrameStamper.micros(f.getCaptureTime())));
    return timeline;
  }

  private void assertEven(int frames) {
    Timeline timeline = timeline();
    assertThat(timeline.times()).hasSize(frames);
    for (int i = 1; i < frames; i++) {
      assertThat(timeline.step(i)).as("step %d", i).isCloseTo(33_333L, within(30L));
    }
    assertThat(sink.frames()).first().extracting(Frame::getSourceTime).isEqualTo(0L);
    for (Frame frame : sink.frames()) {
      assertThat(frame.getSourceTime())
          .isEqualTo(FrameStamper.micros(frame.getCaptureTime()) - timeline.times().get(0));
    }
  }

  @Test
  void aBacklogKeepsItsSpacingAndLiesInThePast() throws Exception {
    long begun = FrameStamper.micros(Instant.now());
    ClockReport report =
        clip(k -> k * TICKS, IngestSettings.Pictures.DEFAULT, 250, InstantSource.system());
    assertEven(250);
    assertThat(report).isEqualTo(ClockReport.NONE);
    assertThat(timeline().times().get(0)).isLessThan(begun);
  }

  @Test
  void wildStampsAreReplacedAndSaid() throws Exception {
    ClockReport report =
        clip(
            k -> k * TICKS + (k == 40 ? 3_384_000_000L : k == 90 ? -2_000_000L : 0),
            IngestSettings.Pictures.DEFAULT,
            250,
            InstantSource.system());
    assertEven(250);
    assertThat(report.wild()).isEqualTo(2);
    assertThat(warnings).anyMatch(text -> text.contains("does not follow"));
  }

  @Test
  void wildStampsDoNotStopTheThinning() throws Exception {
    IngestSettings.Pictures ten =
        new IngestSettings.Pictures(
            IngestSettings.Encoding.JPEG, 85, Optional.empty(), OptionalDouble.of(30), 2);
    clip(k -> k * TICKS + (k == 40 ? 3_384_000_000L : 0), ten, 250, InstantSource.system());
    assertEven(250);
  }

  @Test
  void aCounterThatWrapsAndOneThatBeginsAnewGoOn() throws Exception {
    long nearWrap = (1L << 33) - 100 * TICKS;
    ClockReport report =
        clip(
            k -> k < 200 ? nearWrap + k * TICKS : 5_000_000 + k * TICKS,
            IngestSettings.Pictures.DEFAULT,
            250,
            InstantSource.system());
    assertEven(250);
    assertThat(report.restarts()).isEqualTo(1);
    assertThat(report.wild()).isZero();
  }

  @Test
  void segmentsGoByTheSameClock() throws Exception {
    IngestSettings.Pictures segments =
        new IngestSettings.Pictures(
            IngestSettings.Encoding.H264, 85, Optional.empty(), OptionalDouble.empty(), 1);
    ClockReport report =
        clip(
            k -> k * TICKS + (k % 50 == 45 ? 3_384_000_000L : 0),
            segments,
            250,
            InstantSource.system());
    assertThat(report.wild()).isEqualTo(6);
    assertThat(sink.frames()).hasSizeGreaterThan(4);
    Timeline timeline = timeline();
    int before = 0;
    for (int i = 0; i < sink.frames().size(); i++) {
      Frame frame = sink.frames().get(i);
      if (i > 0) {
        assertThat(timeline.step(i)).isCloseTo(before * 33_333L, within(40L * before));
      }
      before = frame.getFrameCount();
      assertThat(lastPicture(frame)).isCloseTo((before - 1) * 33_333L, within(1_000L));
    }
  }

  /** The time of a segment's last picture since its first. */
  private long lastPicture(Frame segment) throws Exception {
    byte[] bytes = new byte[segment.getPayload().remaining()];
    segment.getPayload().duplicate().get(bytes);
    Path file = Files.write(folder.resolve("segment.ts"), bytes);
    long last = 0;
    try (VideoPictures pictures = new VideoPictures(new Demuxer(Location.of(file), null), 1)) {
      for (Picture next = pictures.next(); next != null; next = pictures.next()) {
        assertThat(next.micros()).isGreaterThanOrEqualTo(last);
        last = next.micros();
      }
    }
    return last;
  }

  @Test
  void aClockSetBackLeavesNoTrace() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    ClockReport report =
        clip(
            k -> k * TICKS,
            IngestSettings.Pictures.DEFAULT,
            250,
            () -> Instant.now().minusSeconds(calls.getAndIncrement() > 100 ? 600 : 0));
    assertThat(timeline().gaps()).isEmpty();
    assertEven(250);
    assertThat(report.clockSteps()).isEqualTo(1);
    assertThat(warnings).anyMatch(text -> text.contains("clock was set by -600"));
  }

  /** Pictures that are decoded in another order than they are shown. */
  @Test
  void picturesThatAreReorderedKeepTheirOrderAndSpacing() throws Exception {
    byte[] clip = Files.readAllBytes(TestClips.reordered(folder.resolve("b.ts"), 150));
    try (HttpCamera camera = new HttpCamera("video/mp2t", out -> out.write(clip))) {
      ingest(camera.url("b.ts"), IngestSettings.Pictures.DEFAULT, 120, InstantSource.system());
    }
    Timeline timeline = timeline();
    assertThat(timeline.times()).hasSize(120);
    for (int i = 1; i < 120; i++) {
      assertThat(timeline.step(i)).as("step %d", i).isCloseTo(33_333L, within(30L));
    }
  }

  /** Multipart JPEG: FFmpeg makes stamps of 25 a second up, whatever comes. */
  @Test
  void multipartJpegIsTimedByItsArrival() throws Exception {
    byte[] jpeg = jpeg();
    List<Long> sent = new ArrayList<>();
    ClockReport report;
    try (HttpCamera camera =
        new HttpCamera(
            "multipart/x-mixed-replace; boundary=frame", out -> sendJpegs(out, jpeg, sent))) {
      report =
          ingest(camera.url("cam"), IngestSettings.Pictures.DEFAULT, 60, InstantSource.system());
    }
    Timeline timeline = timeline();
    assertThat(timeline.times()).hasSize(60);
    assertThat(timeline.gaps()).isEmpty();
    double trueSpan = (sent.get(59) - sent.get(0)) / 1e3;
    double span = timeline.times().get(59) - timeline.times().get(0);
    assertThat(span).isCloseTo(trueSpan, within(0.25 * trueSpan));
    for (int i = 1; i < 60; i++) {
      assertThat(timeline.step(i)).as("step %d", i).isGreaterThan(50_000);
    }
    assertThat(report.unstamped()).isGreaterThanOrEqualTo(60);
    assertThat(warnings).anyMatch(text -> text.contains("carries no stamps"));
  }

  private static void sendJpegs(OutputStream out, byte[] jpeg, List<Long> sent)
      throws java.io.IOException, InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < 200; i++) {
      out.write(
          ("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(jpeg);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      sent.add(System.nanoTime());
      long wait = start + (i + 1) * 100_000_000L - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
      }
    }
  }

  private static byte[] jpeg() {
    try (Mat grey = new Mat(96, 160, opencv_core.CV_8UC3, new Scalar(99.0));
        BytePointer bytes = new BytePointer()) {
      opencv_imgcodecs.imencode(".jpg", grey, bytes);
      byte[] jpeg = new byte[Math.toIntExact(bytes.limit())];
      bytes.get(jpeg);
      return jpeg;
    }
  }
}

package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.OutageException;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;
  private final CollectedFrames sink = new CollectedFrames();
  private final List<Frame> sent = sink.frames();

  private Path clip(String name, int frames) throws Exception {
    return TestClips.h264(folder.resolve(name), frames);
  }

  private IngestReport run(IngestSettings settings, Path... files) throws Exception {
    List<VideoSource> sources = java.util.Arrays.stream(files).map(VideoSource::of).toList();
    return new Ingest(settings, sources, sink, () -> NOW, IngestListener.NONE).run();
  }

  @Test
  void everyFrameBecomesOneJpegNumberedAndTimed() throws Exception {
    IngestReport report = run(IngestSettings.DEFAULT, clip("a.mp4", 30));
    assertThat(report.sources().get(0).failure()).isEmpty();
    assertThat(sent).hasSize(30).allMatch(f -> f.getEncoding() == Encoding.JPEG);
    assertThat(sent).extracting(Frame::getSequence).startsWith(0L, 1L, 2L).endsWith(29L);
    assertThat(sent).extracting(Frame::getStreamId).containsOnly("a");
    assertThat(sent).extracting(Frame::getSession).containsOnly(NOW);
    assertThat(sent.get(3).getSourceTime()).isEqualTo(100_000);
    assertThat(sent.get(0).getCaptureTime()).isEqualTo(NOW.minusSeconds(1));
  }

  @Test
  void rateTrimAndLoopGoByPresentationTime() throws Exception {
    IngestSettings settings =
        IngestSettings.DEFAULT
            .with(
                new IngestSettings.Pictures(
                    IngestSettings.Encoding.JPEG,
                    85,
                    Optional.of(new PictureSize(80, 48)),
                    OptionalDouble.of(10),
                    2))
            .with(
                new IngestSettings.Timing(
                    false, Optional.of(NOW), 2, 0.5, OptionalDouble.of(1), OptionalLong.empty()));
    run(settings, clip("a.mp4", 60));
    assertThat(sent)
        .extracting(Frame::getSourceTime)
        .containsExactly(
            500_000L,
            600_000L,
            700_000L,
            800_000L,
            900_000L,
            1_000_000L,
            1_100_000L,
            1_200_000L,
            1_300_000L,
            1_400_000L);
    assertThat(sent).extracting(Frame::getSequence).startsWith(0L).endsWith(9L);
  }

  @Test
  void badFileIsNamedAndTheOthersGoOn() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.mp4"), "no video");
    IngestReport report = run(IngestSettings.DEFAULT, bad, clip("a.mp4", 5));
    assertThat(report.sources().get(0).failure().orElseThrow()).contains("bad.mp4");
    assertThat(sent).hasSize(5);
  }

  @Test
  void fileDamagedMidwayIsNamedWhereThatIsAskedForAndTheOthersGoOn() throws Exception {
    Path bad = clip("cut.ts", 60);
    byte[] bytes = Files.readAllBytes(bad);
    for (int i = bytes.length / 2; i < bytes.length / 2 + 2_000; i++) {
      bytes[i] ^= 0x5a;
    }
    Files.write(bad, bytes);
    IngestSettings strict =
        IngestSettings.DEFAULT.with(new IngestSettings.Limits(true, 1_000, 16 << 20));
    IngestReport report = run(strict, bad, clip("a.mp4", 5));
    assertThat(report.sources().get(0).failure().orElseThrow()).contains("cut.ts", "damaged");
    assertThat(report.sources().get(0).frames()).isBetween(1L, 59L);
    assertThat(report.sources().get(1).frames()).isEqualTo(5);
    assertThat(report.failed()).isTrue();
  }

  @Test
  void onlyDeliveredFramesCountAndRefusedOnesAreNamed() throws Exception {
    FrameSink refusing =
        new FrameSink() {
          private int count;

          @Override
          public void send(Frame frame) {
            throw new AssertionError("without a receipt");
          }

          @Override
          public void send(Frame frame, Receipt receipt) {
            receipt.arrived(++count != 3);
          }

          @Override
          public void flush(String streamId) throws DeliveryException {
            throw new DeliveryException("too large", new IllegalStateException());
          }
        };
    SourceReport report =
        new Ingest(
                IngestSettings.DEFAULT,
                List.of(VideoSource.of(clip("a.mp4", 5))),
                refusing,
                () -> NOW,
                IngestListener.NONE)
            .run()
            .sources()
            .get(0);
    assertThat(report.frames()).isEqualTo(4);
    assertThat(report.failure()).contains("too large");
    assertThat(report.notes()).containsExactly("1 frames were refused by Kafka");
  }

  /** No report can name it: memory is short for all sources. */
  @Test
  void memoryThatRunsOutEndsTheRunAndIsNoBug() throws Exception {
    OutOfMemoryError full = new OutOfMemoryError("Java heap space");
    FrameSink failing =
        new FrameSink() {
          @Override
          public void send(Frame frame) {
            throw full;
          }

          @Override
          public void flush(String streamId) {}
        };
    List<VideoSource> sources = List.of(VideoSource.of(clip("a.mp4", 5)));
    Ingest ingest =
        new Ingest(IngestSettings.DEFAULT, sources, failing, () -> NOW, IngestListener.NONE);
    assertThatThrownBy(ingest::run)
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("Java heap space")
        .hasCause(full);
  }

  @Test
  void aPartWithoutFramesIsAFailure() throws Exception {
    IngestSettings settings =
        IngestSettings.DEFAULT.with(
            new IngestSettings.Timing(
                false, Optional.empty(), 1, 60, OptionalDouble.empty(), OptionalLong.empty()));
    assertThat(run(settings, clip("a.mp4", 5)).sources().get(0).failure().orElseThrow())
        .contains("a.mp4", "--from");
  }

  @Test
  void realTimeWaitsForEachFramesPresentationTimeAndStartsNow() throws Exception {
    List<Long> waits = new ArrayList<>();
    IngestSettings settings =
        IngestSettings.DEFAULT.with(
            new IngestSettings.Timing(
                true, Optional.empty(), 2, 0, OptionalDouble.empty(), OptionalLong.empty()));
    new Ingest(
            settings,
            List.of(VideoSource.of(clip("a.mp4", 3))),
            sink,
            () -> NOW,
            IngestListener.NONE,
            () -> (micros, stop) -> waits.add(micros))
        .run();
    assertThat(waits).containsExactly(0L, 33_333L, 66_667L, 100_000L, 133_333L, 166_667L);
    assertThat(sent.get(0).getCaptureTime()).isEqualTo(NOW);
    assertThat(sent.get(5).getCaptureTime()).isEqualTo(NOW.plusNanos(166_667_000));
  }

  @Test
  void imagesOfOneFolderAreOneStreamAtTheRateAskedFor() throws Exception {
    TestClips.images(folder.resolve("door"), 12);
    IngestSettings settings =
        IngestSettings.DEFAULT.with(
            new IngestSettings.Pictures(
                IngestSettings.Encoding.JPEG, 85, Optional.empty(), OptionalDouble.of(10), 2));
    List<VideoSource> sources = SourceFinder.find(List.of(folder.toString()), Optional.empty(), "");
    new Ingest(settings, sources, sink, () -> NOW, IngestListener.NONE).run();
    assertThat(sent).hasSize(12).extracting(Frame::getStreamId).containsOnly("door");
    assertThat(sent.get(11).getSourceTime()).isEqualTo(1_100_000);
  }
}

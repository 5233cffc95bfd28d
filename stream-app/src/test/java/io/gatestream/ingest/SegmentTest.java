package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.zip.CRC32;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments hold the source's own pictures at the source's own times. */
class SegmentTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** MPEG-TS counts 1/90000 s. */
  private static final long TICK_MICROS = 12;

  @TempDir Path folder;
  private final CollectedFrames sink = new CollectedFrames();

  /** A picture's time in the source, with a checksum of its pixels. */
  private record Shown(long micros, long pixels) {}

  @Test
  void remuxedSegmentsDecodeToTheSourcesOwnPixels() throws Exception {
    compare(TestClips.h264(folder.resolve("a.mp4"), 35), 0.5);
  }

  @Test
  void transportStreamIsCutTheSame() throws Exception {
    compare(TestClips.h264(folder.resolve("a.ts"), 35), 0.5);
  }

  @Test
  void reorderedPicturesComeOutWholeAndInTime() throws Exception {
    Path clip = Path.of("samples/beach.mp4");
    assumeThat(clip).as("made by x264, with B-frames").exists();
    compare(clip, 1);
  }

  private void compare(Path file, double seconds) throws Exception {
    IngestSettings settings =
        IngestSettings.DEFAULT.with(
            new IngestSettings.Pictures(
                IngestSettings.Encoding.H264,
                85,
                Optional.empty(),
                OptionalDouble.empty(),
                seconds));
    IngestReport report =
        new Ingest(settings, List.of(VideoSource.of(file)), sink, () -> NOW, IngestListener.NONE)
            .run();
    assertThat(report.sources().get(0).failure()).isEmpty();
    List<Shown> source = planes(file);
    List<Frame> segments = sink.frames();
    assertThat(segments).hasSizeGreaterThan(1);
    assertThat(segments.stream().mapToInt(Frame::getFrameCount).sum()).isEqualTo(source.size());
    assertThat(report.frames()).isEqualTo(source.size());

    List<Shown> raw = new ArrayList<>();
    List<Shown> decoded = new ArrayList<>();
    for (Frame segment : segments) {
      assertThat(segment.getSequence()).isEqualTo(raw.size());
      long start = segment.getSourceTime();
      for (Shown shown : planes(write(segment))) {
        raw.add(new Shown(start + shown.micros(), shown.pixels()));
      }
      decoded.addAll(decoded(segment));
    }
    assertSame(raw, source);
    Frame whole =
        Frame.newBuilder(segments.get(0))
            .setSequence(0)
            .setSourceTime(0)
            .setFrameCount(source.size())
            .setPayload(ByteBuffer.wrap(Files.readAllBytes(file)))
            .build();
    assertSame(decoded, decoded(whole));
  }

  private static void assertSame(List<Shown> actual, List<Shown> expected) {
    assertThat(actual)
        .extracting(Shown::pixels)
        .containsExactlyElementsOf(expected.stream().map(Shown::pixels).toList());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Math.abs(actual.get(i).micros() - expected.get(i).micros()))
          .as("time of picture %d", i)
          .isLessThanOrEqualTo(TICK_MICROS);
    }
  }

  private Path write(Frame segment) throws Exception {
    byte[] bytes = new byte[segment.getPayload().remaining()];
    segment.getPayload().duplicate().get(bytes);
    return Files.write(folder.resolve("segment-" + segment.getSequence() + ".ts"), bytes);
  }

  /** What the application sees, before any resize. */
  private static List<Shown> decoded(Frame frame) throws Exception {
    InputSpec input =
        new InputSpec(
            160, 96, InputSpec.Resize.of(InputSpec.Mode.STRETCH, InputSpec.Interpolation.NEAREST));
    List<Shown> shown = new ArrayList<>();
    ByteBuffer place = ByteBuffer.allocateDirect(input.bytes());
    long[] time = new long[1];
    try (PictureDecoder decoder = new PictureDecoder(input, FrameLimits.DEFAULT)) {
      decoder.decode(
          frame,
          new PictureSink() {
            @Override
            public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
              time[0] = sourceTime;
              return Optional.of(place.clear());
            }

            @Override
            public void filled(int index) {
              CRC32 crc = new CRC32();
              crc.update(place.clear());
              shown.add(new Shown(time[0], crc.getValue()));
            }
          });
    }
    return shown;
  }

  /** The decoder's own planes, without padding and before any colour conversion. */
  private static List<Shown> planes(Path file) throws Exception {
    List<Shown> shown = new ArrayList<>();
    try (VideoPictures pictures = new VideoPictures(new Demuxer(Location.of(file), null), 1)) {
      for (Picture p = pictures.next(); p != null; p = pictures.next()) {
        shown.add(new Shown(p.micros(), checksum(p.pixels())));
      }
    }
    return shown;
  }

  private static long checksum(AVFrame frame) {
    CRC32 crc = new CRC32();
    for (int plane = 0; plane < 3; plane++) {
      int width = plane == 0 ? frame.width() : (frame.width() + 1) / 2;
      int height = plane == 0 ? frame.height() : (frame.height() + 1) / 2;
      byte[] row = new byte[width];
      for (int y = 0; y < height; y++) {
        new BytePointer(frame.data(plane)).position((long) y * frame.linesize(plane)).get(row);
        crc.update(row);
      }
    }
    return crc.getValue();
  }
}

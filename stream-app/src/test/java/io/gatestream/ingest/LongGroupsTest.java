package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Frame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of pictures longer than a record may be: nothing is lost, nothing grows. */
class LongGroupsTest {
  private static final int FRAMES = 120;

  @TempDir Path folder;
  private final CollectedFrames sink = new CollectedFrames();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  private SourceReport run(Path file, double seconds, IngestSettings.Limits limits)
      throws Exception {
    IngestListener listener =
        new IngestListener() {
          @Override
          public void warning(VideoSource source, String text) {
            warnings.add(text);
          }
        };
    IngestSettings settings =
        IngestSettings.DEFAULT
            .with(
                new IngestSettings.Pictures(
                    IngestSettings.Encoding.H264,
                    85,
                    Optional.empty(),
                    OptionalDouble.empty(),
                    seconds))
            .with(limits);
    return new Ingest(settings, List.of(VideoSource.of(file)), sink, Instant::now, listener)
        .run()
        .sources()
        .get(0);
  }

  /** All pictures once, each segment as many as it says and at its own times. */
  private void requireWhole() throws Exception {
    long sequence = 0;
    for (Frame segment : sink.frames()) {
      assertThat(segment.getSequence()).isEqualTo(sequence);
      byte[] bytes = new byte[segment.getPayload().remaining()];
      segment.getPayload().duplicate().get(bytes);
      Path file = Files.write(folder.resolve("segment.ts"), bytes);
      try (VideoPictures pictures = new VideoPictures(new Demuxer(Location.of(file), null), 1)) {
        for (int i = 0; i < segment.getFrameCount(); i++) {
          Picture picture = pictures.next();
          assertThat(picture).isNotNull();
          long expected = Math.round((sequence + i) * 1e6 / 30);
          assertThat(segment.getSourceTime() + picture.micros())
              .isBetween(expected - 30, expected + 30);
        }
        assertThat(pictures.next()).isNull();
      }
      sequence += segment.getFrameCount();
    }
    assertThat(sequence).isEqualTo(FRAMES);
  }

  @Test
  void tooManyFramesAreEncodedAnewFromTheGroupsStart() throws Exception {
    Path file = TestClips.h264(folder.resolve("long.mp4"), FRAMES, 1_000);
    SourceReport report = run(file, 2, new IngestSettings.Limits(false, 40, 16 << 20));
    assertThat(report.failure()).isEmpty();
    requireWhole();
    assertThat(sink.frames()).extracting(Frame::getFrameCount).allMatch(count -> count <= 40);
    assertThat(warnings).singleElement().asString().contains("40 frames", "--encoding jpeg");
  }

  @Test
  void tooManyBytesAreEncodedAnewBelowWhatTheTopicTakes() throws Exception {
    Path file = TestClips.h264(folder.resolve("long.ts"), FRAMES, 1_000);
    int most = (int) (Files.size(file) / 3);
    SourceReport report = run(file, 2, new IngestSettings.Limits(false, 1_000, most));
    assertThat(report.failure()).isEmpty();
    requireWhole();
    assertThat(sink.frames())
        .extracting(frame -> frame.getPayload().remaining())
        .allMatch(bytes -> bytes < most);
    assertThat(warnings).singleElement().asString().contains("bytes that the topic takes");
  }

  @Test
  void longSegmentsOfShortGroupsAreCutBetweenThem() throws Exception {
    Path file = TestClips.h264(folder.resolve("short.mp4"), FRAMES, 10);
    run(file, 60, new IngestSettings.Limits(false, 25, 16 << 20));
    requireWhole();
    assertThat(sink.frames()).extracting(Frame::getFrameCount).containsOnly(20);
    assertThat(warnings).isEmpty();
  }

  @Test
  void aCamerasSegmentIsBoundedInTime() throws Exception {
    Path file = TestClips.h264(folder.resolve("cam.ts"), FRAMES, 1_000);
    List<Integer> handedOver = new ArrayList<>();
    Demuxer demuxer = new Demuxer(Location.of(file), null);
    SegmentPayloads.Reencoder none =
        (first, packets) -> {
          handedOver.add(first.size());
          assertThat(first.get(0).flags() & avcodec.AV_PKT_FLAG_KEY).isNotZero();
          first.forEach(avcodec::av_packet_free);
          packets.close();
          throw new SourceException("enough");
        };
    try (SegmentPayloads payloads =
        new SegmentPayloads(
            new TimedPackets(new RemuxedPackets(demuxer, Damage.refused()), 33_333, null),
            new SegmentPayloads.Span(500_000, 0, Long.MAX_VALUE),
            new SegmentLimits(1_000, Long.MAX_VALUE, 1_000_000),
            none,
            Damage.refused(),
            warnings::add)) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(payloads::next))
          .hasMessage("enough");
    }
    assertThat(handedOver).singleElement().satisfies(n -> assertThat(n).isBetween(31, 33));
    assertThat(warnings).singleElement().asString().contains("longer than 1 s");
  }

  /** Packets as a source gives them, without some of their times. */
  static final class Untimed implements H264Packets {
    private final H264Packets packets;
    private final java.util.function.IntPredicate withoutPts;
    private int count;

    Untimed(Path file, java.util.function.IntPredicate withoutPts) throws SourceException {
      this.packets = new RemuxedPackets(new Demuxer(Location.of(file), null), Damage.refused());
      this.withoutPts = withoutPts;
    }

    @Override
    public @Nullable AVPacket next() throws SourceException {
      AVPacket packet = packets.next();
      if (packet != null) {
        packet.dts(org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE);
        if (withoutPts.test(count++)) {
          packet.pts(org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE);
        }
      }
      return packet;
    }

    @Override
    public org.bytedeco.ffmpeg.avcodec.AVCodecParameters parameters() {
      return packets.parameters();
    }

    @Override
    public org.bytedeco.ffmpeg.avutil.AVRational timeBase() {
      return packets.timeBase();
    }

    @Override
    public long micros(long ticks) {
      return packets.micros(ticks);
    }

    @Override
    public long endMicros() {
      return packets.endMicros();
    }

    @Override
    public void close() {
      packets.close();
    }
  }
}

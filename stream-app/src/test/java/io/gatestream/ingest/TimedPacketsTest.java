package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets without times get them from their neighbours. */
class TimedPacketsTest {
  @TempDir Path folder;

  private static List<Long> times(Path file, IntPredicate withoutPts) throws Exception {
    List<Long> times = new ArrayList<>();
    try (TimedPackets packets =
        new TimedPackets(new LongGroupsTest.Untimed(file, withoutPts), 33_333, null)) {
      for (AVPacket packet = packets.next(); packet != null; packet = packets.next()) {
        times.add(packets.micros(packet.pts()));
      }
    }
    return times;
  }

  @Test
  void thoseAtTheStartPrecedeTheFirstThatHasOne() throws Exception {
    Path file = TestClips.h264(folder.resolve("a.mp4"), 20);
    List<Long> all = times(file, n -> false);
    assertThat(all).hasSize(20).startsWith(0L, 33_333L);
    assertThat(times(file, n -> n < 3)).isEqualTo(all);
    assertThat(times(file, n -> n == 7 || n == 8)).isEqualTo(all);
    assertThat(times(file, n -> n > 17)).isEqualTo(all);
    assertThat(times(file, n -> true)).as("none has one").hasSize(20).startsWith(0L, 33_333L);
  }

  @Test
  void segmentsOfReorderedPicturesWithoutDecodingTimesHoldAllOfThem() throws Exception {
    Path clip = Path.of("samples/beach.mp4");
    assumeThat(clip).as("made by x264, with B-frames").exists();
    List<Long> expected = new ArrayList<>();
    try (VideoPictures pictures = new VideoPictures(new Demuxer(Location.of(clip), null), 1)) {
      for (Picture p = pictures.next(); p != null; p = pictures.next()) {
        expected.add(p.micros());
      }
    }
    List<Long> shown = new ArrayList<>();
    try (SegmentPayloads segments =
        new SegmentPayloads(
            new TimedPackets(new LongGroupsTest.Untimed(clip, n -> false), 100_000, null),
            new SegmentPayloads.Span(1_000_000, 0, Long.MAX_VALUE),
            new SegmentLimits(1_000, Long.MAX_VALUE, Long.MAX_VALUE),
            (first, packets) -> {
              throw new SourceException("not needed");
            },
            Damage.refused(),
            text -> {})) {
      for (Payload payload = segments.next(); payload != null; payload = segments.next()) {
        ByteBuffer bytes = payload.bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        Path file = Files.write(folder.resolve("segment.ts"), copy);
        try (VideoPictures pictures = new VideoPictures(new Demuxer(Location.of(file), null), 1)) {
          for (Picture p = pictures.next(); p != null; p = pictures.next()) {
            shown.add(payload.micros() + p.micros());
          }
        }
      }
    }
    assertThat(shown).hasSameSizeAs(expected);
    for (int i = 0; i < shown.size(); i++) {
      assertThat(shown.get(i)).isBetween(expected.get(i) - 30, expected.get(i) + 30);
    }
  }

  @Property
  void decodingTimesGrowAndAreNeverLate(
      @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 0, max = 1_000) Long> times) {
    long[] pts = times.stream().mapToLong(Long::longValue).toArray();
    long[] dts = DecodingTimes.of(pts);
    assertThat(DecodingTimes.good(pts, dts, Long.MIN_VALUE)).isTrue();
    Arrays.sort(pts);
    assertThat(DecodingTimes.of(pts)[0]).isLessThanOrEqualTo(pts[0]);
  }
}

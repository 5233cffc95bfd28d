package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.ingest.IngestSettings.Encoding;
import io.gatestream.schema.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files with damage in them go on behind it, and say so. */
class DamagedFilesTest {
  private static final int TS_PACKET = 188;
  private static final int FRAMES = 60;
  private static final int GROUP = 10;
  private static final long INTERVAL = 33_334;

  @TempDir Path folder;

  private static SourceReport run(
      Path file, Encoding encoding, boolean strict, CollectedFrames sink) throws Exception {
    IngestSettings settings =
        IngestSettings.DEFAULT
            .with(
                new IngestSettings.Pictures(
                    encoding, 85, Optional.empty(), OptionalDouble.empty(), 0.3))
            .with(new IngestSettings.Limits(strict, 1_000, 16 << 20));
    return new Ingest(
            settings,
            List.of(VideoSource.of(file)),
            sink,
            () -> Instant.parse("2026-01-02T03:04:05Z"),
            IngestListener.NONE)
        .run()
        .sources()
        .get(0);
  }

  private Path without(byte[] clip, int packet) throws Exception {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.write(clip, 0, packet * TS_PACKET);
    rest.write(clip, (packet + 1) * TS_PACKET, clip.length - (packet + 1) * TS_PACKET);
    return Files.write(folder.resolve("lost.ts"), rest.toByteArray());
  }

  /** Whether a packet is one of the video, in the midst of a picture. */
  private static boolean carriesVideo(byte[] clip, int packet) {
    int at = packet * TS_PACKET;
    int pid = (clip[at + 1] & 0x1f) << 8 | (clip[at + 2] & 0xff);
    return pid == 0x100 && (clip[at + 1] & 0x40) == 0;
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void oneLostPacketCostsLittleAndIsSaid(Encoding encoding) throws Exception {
    byte[] clip = Files.readAllBytes(TestClips.h264(folder.resolve("whole.ts"), FRAMES));
    int tried = 0;
    for (int packet = 20; packet < clip.length / TS_PACKET - 20; packet += 9) {
      if (!carriesVideo(clip, packet)) {
        continue;
      }
      tried++;
      CollectedFrames sink = new CollectedFrames();
      Path file = without(clip, packet);
      SourceReport report = run(file, encoding, false, sink);
      assertThat(report.failure()).isEmpty();
      // where a picture ends is known from the next packet: its neighbour may count as damaged too
      int lost = encoding == Encoding.JPEG ? 2 : GROUP;
      assertThat(report.frames())
          .as("packet %d", packet)
          .isBetween((long) FRAMES - lost, FRAMES - 1L);
      assertThat(report.notes()).singleElement().asString().contains("damaged");
      assertThat(sink.frames()).extracting(Frame::getSourceTime).isSorted().doesNotHaveDuplicates();
      SourceReport strict = run(file, encoding, true, new CollectedFrames());
      assertThat(strict.failure().orElseThrow()).contains("lost.ts", "damaged");
    }
    assertThat(tried).isGreaterThan(3);
  }

  @Test
  void flippedBytesInAnMp4CostPicturesAndAreCounted() throws Exception {
    Path file = TestClips.h264(folder.resolve("flip.mp4"), FRAMES);
    byte[] bytes = Files.readAllBytes(file);
    int data = indexOf(bytes, "mdat");
    for (int i = data + 6_000; i < data + 6_400; i += 7) {
      bytes[i] ^= 0x5a;
    }
    Files.write(file, bytes);
    CollectedFrames sink = new CollectedFrames();
    SourceReport report = run(file, Encoding.JPEG, false, sink);
    assertThat(report.failure()).isEmpty();
    assertThat(report.frames()).isBetween(FRAMES - 2L * GROUP, FRAMES - 1L);
    assertThat(report.notes()).singleElement().asString().contains("damaged");
    assertThat(sink.frames().get(sink.frames().size() - 1).getSourceTime())
        .as("the last picture is there, at its own time")
        .isEqualTo(Math.round((FRAMES - 1) * 1e6 / 30));
  }

  private static int indexOf(byte[] bytes, String word) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(word);
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void joinedRecordingsGoOnWithoutAGap(Encoding encoding) throws Exception {
    byte[] clip = Files.readAllBytes(TestClips.h264(folder.resolve("part.ts"), FRAMES));
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(clip);
    both.write(clip);
    Path file = Files.write(folder.resolve("joined.ts"), both.toByteArray());
    CollectedFrames sink = new CollectedFrames();
    SourceReport report = run(file, encoding, false, sink);
    assertThat(report.failure()).isEmpty();
    assertThat(report.notes()).anyMatch(note -> note.contains("jumped back 1 times"));
    // a container cannot know that the last picture before the joint is whole
    assertThat(report.frames()).isBetween(2L * FRAMES - GROUP, 2L * FRAMES);
    List<Frame> frames = sink.frames();
    for (int i = 1; i < frames.size(); i++) {
      long step = frames.get(i).getSourceTime() - frames.get(i - 1).getSourceTime();
      long pictures = frames.get(i - 1).getFrameCount();
      assertThat(step).as("before record %d", i).isBetween(1L, (pictures + 2) * INTERVAL);
    }
  }

  @Test
  void aFileInWhichNothingDecodesIsAFailure() throws Exception {
    Path file = TestClips.h264(folder.resolve("none.mp4"), 5);
    byte[] bytes = Files.readAllBytes(file);
    int data = indexOf(bytes, "mdat");
    int end = indexOf(bytes, "moov");
    java.util.Arrays.fill(bytes, data + 4, Math.max(end - 4, data + 4), (byte) 0x7f);
    Files.write(file, bytes);
    SourceReport report = run(file, Encoding.JPEG, false, new CollectedFrames());
    assertThat(report.frames()).isZero();
    assertThat(report.failure().orElseThrow()).contains("none.mp4");
  }

  @Test
  void damagedImagesOfASequenceAreLeftOutAndTheOthersKeepTheirTimes() throws Exception {
    TestClips.images(folder.resolve("door"), 4);
    Files.writeString(folder.resolve("door/img2.png"), "no picture");
    List<VideoSource> sources =
        SourceFinder.find(List.of(folder.resolve("door").toString()), Optional.empty(), "");
    CollectedFrames sink = new CollectedFrames();
    SourceReport report =
        new Ingest(IngestSettings.DEFAULT, sources, sink, Instant::now, IngestListener.NONE)
            .run()
            .sources()
            .get(0);
    assertThat(report.failure()).isEmpty();
    assertThat(report.notes()).singleElement().asString().startsWith("1 damaged");
    assertThat(sink.frames())
        .extracting(Frame::getSourceTime)
        .containsExactly(0L, 80_000L, 120_000L);
  }
}

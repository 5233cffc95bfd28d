package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.frame.EventCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.Micros;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.Frame;
import io.gatestream.schema.LabelEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code clip} on the topics of the undisturbed run; the files are read by another decoder. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class ClipCommandTest {
  private static final String STREAM = "bowl";

  /** Of a picture that was encoded with losses. */
  private static final double CLOSE = 8;

  private static List<String> arguments(Recorded recorded, String... more) {
    List<String> all =
        new ArrayList<>(List.of("clip", "--bootstrap-servers", recorded.bootstrapServers()));
    all.addAll(List.of(more));
    return all;
  }

  private static Running clip(Recorded recorded, Gatestream gatestream, String... more) {
    return gatestream.run(
        "clip-" + Integer.toHexString(List.of(more).hashCode()),
        arguments(recorded, more).toArray(String[]::new));
  }

  private static void requireDone(Running clip) {
    assertThat(clip.process().exitValue()).as(clip::tail).isZero();
  }

  private static void requireOneLine(Running clip, int code, String... words) {
    assertThat(clip.process().exitValue()).as(clip::tail).isEqualTo(code);
    assertThat(clip.err().lines().toList())
        .as(clip::tail)
        .singleElement()
        .asString()
        .startsWith("error: ")
        .contains(words);
    assertThat(clip.out()).isEmpty();
  }

  /** The records of a stream in the order of its frames. */
  private static List<ConsumerRecord<byte[], byte[]>> records(
      Recorded recorded, String topic, String stream) {
    return recorded.kafka().committed(topic).stream()
        .filter(record -> frame(record).getStreamId().equals(stream))
        .sorted(Comparator.comparingLong(ConsumerRecord::offset))
        .toList();
  }

  private static Frame frame(ConsumerRecord<byte[], byte[]> record) {
    return Kafka.frame(record.value()).orElseThrow();
  }

  private static List<Frame> frames(Recorded recorded, String stream) {
    return records(recorded, Recorded.FRAMES, stream).stream().map(ClipCommandTest::frame).toList();
  }

  private static Instant captured(List<Frame> frames, int index) {
    return frames.get(index).getCaptureTime();
  }

  @Test
  void aSpanOfPicturesPlaysAsItWasCaptured(Recorded recorded, Gatestream gatestream)
      throws IOException {
    List<Frame> frames = frames(recorded, STREAM);
    Path plain = gatestream.folder().resolve("plain.mp4");
    Path labelled = gatestream.folder().resolve("labelled.mp4");
    String from = captured(frames, 10).toString();
    String to = captured(frames, 39).toString();

    Running clip =
        clip(
            recorded, gatestream, "--stream", STREAM, "--from", from, "--to", to, "-o", plain + "");
    requireDone(clip);
    requireDone(
        clip(
            recorded,
            gatestream,
            "--stream",
            STREAM,
            "--from",
            from,
            "--to",
            to,
            "--labels",
            "--labels-topic",
            recorded.topics().labels(),
            "-o",
            labelled + ""));

    List<ShownPicture> shown = ShownPicture.of(plain);
    assertThat(clip.err()).isEmpty();
    assertThat(clip.out()).contains("plain.mp4: ", "30 frames, 256x256, from " + from);
    assertThat(shown).hasSize(30);
    for (int i = 0; i < shown.size(); i++) {
      Frame source = frames.get(10 + i);
      assertThat(shown.get(i).micros())
          .isCloseTo(
              Micros.of(source.getCaptureTime()) - Micros.of(captured(frames, 10)), within(30L));
      assertThat(shown.get(i).difference(ShownPicture.ofJpeg(bytes(source)))).isLessThan(CLOSE);
    }
    assertThat(shown.get(0).difference(ShownPicture.ofJpeg(bytes(frames.get(60)))))
        .as("another picture")
        .isGreaterThan(shown.get(0).difference(ShownPicture.ofJpeg(bytes(frames.get(10)))) + 1);
    requireLabels(shown, ShownPicture.of(labelled));
  }

  /** The upper left corner is drawn on, the lower half is as it was. */
  private static void requireLabels(List<ShownPicture> plain, List<ShownPicture> labelled) {
    assertThat(labelled).hasSameSizeAs(plain);
    for (int i = 0; i < plain.size(); i++) {
      int half = plain.get(i).height() / 2;
      assertThat(plain.get(i).difference(labelled.get(i), 0, 12)).isGreaterThan(8);
      assertThat(plain.get(i).difference(labelled.get(i), half, 2 * half)).isLessThan(6);
    }
  }

  private static byte[] bytes(Frame frame) {
    ByteBuffer payload = frame.getPayload().duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }

  @Test
  void segmentsArePassedOnAsTheyAre(Recorded recorded, Gatestream gatestream) throws IOException {
    List<Frame> segments = frames(recorded, Recorded.SEGMENTS);
    assertThat(segments.size()).isGreaterThan(3);
    Path file = gatestream.folder().resolve("segments.mp4");
    Instant from = captured(segments, 1).plusMillis(200);

    Running clip =
        clip(
            recorded,
            gatestream,
            "--stream",
            Recorded.SEGMENTS,
            "--from",
            from + "",
            "--to",
            captured(segments, 2).plusMillis(1) + "",
            "-o",
            file + "");

    requireDone(clip);
    assertThat(clip.err()).contains("it begins 0.2 s early").doesNotContain("encoded");
    List<String> sent = new ArrayList<>();
    for (Frame segment : segments.subList(1, 3)) {
      Path one = gatestream.folder().resolve("segment-%d.ts".formatted(segment.getSequence()));
      Files.write(one, bytes(segment));
      sent.addAll(ShownPicture.slices(one));
    }
    assertThat(sent).isNotEmpty().noneMatch(String::isEmpty);
    assertThat(ShownPicture.slices(file).equals(sent)).as("the same slices").isTrue();
    List<ShownPicture> shown = ShownPicture.of(file);
    assertThat(shown).hasSize(segments.get(1).getFrameCount() + segments.get(2).getFrameCount());
    assertThat(shown.get(segments.get(1).getFrameCount()).micros())
        .isCloseTo(
            Micros.of(captured(segments, 2)) - Micros.of(captured(segments, 1)), within(30L));
  }

  @Test
  void anEventIsFoundByHowItsIdBegins(Recorded recorded, Gatestream gatestream)
      throws IOException, FrameDecodeException {
    LabelEvent event = endOfAnEvent(recorded);
    Path file = gatestream.folder().resolve("event.mp4");

    Running clip =
        clip(
            recorded,
            gatestream,
            event.getEventId().substring(0, 20),
            "--events-topic",
            recorded.topics().events(),
            "--before",
            "0.3",
            "--after",
            "0.1",
            "-o",
            file + "");

    requireDone(clip);
    Instant from = event.getStartCaptureTime().minusMillis(300);
    Instant to = event.getEndCaptureTime().plusMillis(100);
    long expected =
        frames(recorded, event.getStreamId()).stream()
            .map(Frame::getCaptureTime)
            .filter(time -> !time.isBefore(from) && !time.isAfter(to))
            .count();
    assertThat(ShownPicture.of(file)).hasSize((int) expected);
    requireOneLine(
        clip(
            recorded,
            gatestream,
            event.getEventId(),
            "--events-topic",
            recorded.topics().events(),
            "-o",
            file + ""),
        2,
        "event.mp4",
        "--force");
  }

  private static LabelEvent endOfAnEvent(Recorded recorded) throws FrameDecodeException {
    for (ConsumerRecord<byte[], byte[]> record :
        recorded.kafka().committed(recorded.topics().events())) {
      LabelEvent event = new EventCodec().decode(record.value());
      if (event.getPhase() == EventPhase.END && !event.getStreamId().equals(Recorded.SEGMENTS)) {
        return event;
      }
    }
    throw new IllegalStateException("no event has ended");
  }

  @Test
  void whatIsNotThereIsNamed(Recorded recorded, Gatestream gatestream) {
    String file = gatestream.folder().resolve("none.mp4").toString();
    String time = captured(frames(recorded, STREAM), 0).toString();
    String later = captured(frames(recorded, STREAM), 5).toString();

    requireOneLine(
        clip(
            recorded,
            gatestream,
            "no-such-event",
            "--events-topic",
            recorded.topics().events(),
            "-o",
            file),
        2,
        "no event no-such-event");
    requireOneLine(
        clip(
            recorded,
            gatestream,
            "--stream",
            "no-such-stream",
            "--from",
            time,
            "--to",
            later,
            "-o",
            file),
        2,
        "no frame of stream 'no-such-stream'",
        "'bowl'");
    requireOneLine(
        clip(
            recorded,
            gatestream,
            "--stream",
            STREAM,
            "--from",
            time,
            "--to",
            later,
            "-o",
            gatestream.folder().resolve("no-such-folder/none.mp4").toString()),
        2,
        "no folder",
        "no-such-folder");
    assertThat(gatestream.folder().toFile().list((folder, name) -> name.contains("none.mp4")))
        .isEmpty();
  }

  @Test
  void framesThatAreGoneAreNamedAndTheRestGoesOn(Recorded recorded, Gatestream gatestream)
      throws IOException {
    String topic = "clip-cut";
    List<ConsumerRecord<byte[], byte[]>> all = records(recorded, Recorded.FRAMES, STREAM);
    try (Feed feed =
            Feed.of(recorded.kafka(), topic, recorded.kafka().partitions(Recorded.FRAMES), all);
        Admin admin = Admin.create(Map.of("bootstrap.servers", recorded.bootstrapServers()))) {
      feed.feedAll();
      TopicPartition partition = new TopicPartition(topic, all.get(0).partition());
      Kafka.get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(20))).all());
    }
    List<Frame> frames = all.stream().map(ClipCommandTest::frame).toList();
    Path file = gatestream.folder().resolve("rest.mp4");
    String from = captured(frames, 10).toString();

    Running rest =
        clip(
            recorded,
            gatestream,
            "--frames-topic",
            topic,
            "--stream",
            STREAM,
            "--from",
            from,
            "--to",
            captured(frames, 29).toString(),
            "-o",
            file + "");
    Running gone =
        clip(
            recorded,
            gatestream,
            "--frames-topic",
            topic,
            "--stream",
            STREAM,
            "--from",
            from,
            "--to",
            captured(frames, 15).toString(),
            "-o",
            file + "2.mp4");

    requireDone(rest);
    assertThat(rest.err()).contains("are missing", from, "retention");
    assertThat(ShownPicture.of(file)).hasSize(10);
    requireOneLine(gone, 1, "no frame of stream 'bowl'", "retention took");
  }
}

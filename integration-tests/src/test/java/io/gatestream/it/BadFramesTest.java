package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records that are no frames, among those that are. */
@ExtendWith(GatestreamExtension.class)
class BadFramesTest {
  private static final String APPLICATION = "damaged";
  private static final TopicNames TOPICS = TopicNames.of("damaged-frames", APPLICATION);
  private static final String HURT = "room";
  private static final String WHOLE = "cat";

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void badRecordsAreSetAsideAndTheirStreamGoesOn(Recorded recorded, Gatestream gatestream) {
    Kafka kafka = recorded.kafka();
    byte[] truncated;
    byte[] garbage = "no frame at all".getBytes(UTF_8);
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, TOPICS.frames(), Set.of(HURT, WHOLE))) {
      feed.feedTo(feed.size() / 2);
      ConsumerRecord<byte[], byte[]> next = feed.next(HURT);
      truncated = truncated(next.value());
      feed.insert(next, truncated);
      feed.insert(next, garbage);
      feed.feedAll();
    }
    Running run = gatestream.startRun("run", recorded.bootstrapServers(), APPLICATION, TOPICS);
    kafka.awaitProcessed(APPLICATION, TOPICS.frames(), List.of(run));

    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).isEmpty();
    List<ConsumerRecord<byte[], byte[]>> rejected = kafka.committed(TOPICS.rejected());
    assertThat(rejected).hasSize(2);
    assertThat(rejected.get(0).value()).isEqualTo(truncated);
    assertThat(rejected.get(1).value()).isEqualTo(garbage);
    assertThat(header(rejected.get(0), "gatestream.reason")).isEqualTo("CORRUPT");
    assertThat(header(rejected.get(1), "gatestream.reason")).isEqualTo("UNPARSABLE");
    for (ConsumerRecord<byte[], byte[]> record : rejected) {
      assertThat(new String(record.key(), UTF_8)).isEqualTo(HURT);
      assertThat(header(record, "gatestream.topic")).isEqualTo(TOPICS.frames());
      assertThat(header(record, "gatestream.partition")).isEqualTo("" + record.partition());
      assertThat(header(record, "gatestream.offset")).matches("[0-9]+");
      assertThat(header(record, "gatestream.message")).isNotEmpty();
    }

    Map<String, List<Label>> found = kafka.labels(TOPICS).byStream();
    Map<String, List<Label>> undisturbed = recorded.undisturbed().byStream();
    List<Label> hurt = requireNonNull(found.get(HURT));
    List<Label> unhurt = requireNonNull(undisturbed.get(HURT));
    assertThat(found.get(WHOLE)).isEqualTo(undisturbed.get(WHOLE));
    assertThat(sequences(hurt)).isEqualTo(sequences(unhurt));
    assertThat(hurt.stream().map(BadFramesTest::withoutRejected).toList())
        .isEqualTo(unhurt.stream().map(BadFramesTest::withoutRejected).toList());
    assertThat(last(hurt).getRejected()).isEqualTo(2);
    assertThat(run.err())
        .contains("rejected a record of stream '" + HURT + "': CORRUPT")
        .contains("rejected a record of stream '" + HURT + "': UNPARSABLE");
    requireShown(recorded, gatestream);
    assertThat(run.terminate()).as(run::tail).isZero();
  }

  /** {@code rejected} prints both, why, and how many there are of each reason. */
  private static void requireShown(Recorded recorded, Gatestream gatestream) {
    Running shown =
        gatestream.run(
            "rejected",
            "rejected",
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--rejected-topic",
            TOPICS.rejected());
    assertThat(shown.process().exitValue()).as(shown::tail).isZero();
    assertThat(shown.out())
        .contains(HURT, TOPICS.frames() + "-")
        .contains("1 CORRUPT: of stream '" + HURT + "'")
        .contains("1 UNPARSABLE: of stream '" + HURT + "'")
        .contains("likely cause: pictures cut off or damaged")
        .contains("likely cause: no Frame at all");
  }

  private static List<Long> sequences(List<Label> labels) {
    return labels.stream().map(label -> label.decoded().getSequence()).toList();
  }

  private static FrameLabel last(List<Label> labels) {
    return labels.get(labels.size() - 1).decoded();
  }

  private static FrameLabel withoutRejected(Label label) {
    return FrameLabel.newBuilder(label.decoded()).setRejected(0).build();
  }

  /** The frame with half of its picture. */
  private static byte[] truncated(byte[] value) {
    Frame frame = Kafka.frame(value).orElseThrow();
    ByteBuffer half = frame.getPayload().duplicate();
    half.limit(half.position() + half.remaining() / 2);
    return Kafka.encode(Frame.newBuilder(frame).setPayload(half).build());
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "(no header " + name + ")" : new String(header.value(), UTF_8);
  }
}

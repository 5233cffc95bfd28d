package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Frame;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A frame at which the system fails again and again, though nothing is wrong with the frame. */
@ExtendWith(GatestreamExtension.class)
class LastingFaultTest {
  private static final String APPLICATION = "lasting";
  private static final TopicNames TOPICS = TopicNames.of("lasting-frames", APPLICATION);
  private static final int FAILURES = 5;

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void theProcessEndsAfterFiveFailuresAndNamesPartitionAndOffset(
      Recorded recorded, Gatestream gatestream) {
    Kafka kafka = recorded.kafka();
    Labels expected = recorded.undisturbed();
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, TOPICS.frames(), Set.of("room", "cat"))) {
      feed.feedAll();
    }
    List<ConsumerRecord<byte[], byte[]>> room =
        kafka.committed(TOPICS.frames()).stream()
            .filter(
                record -> "room".equals(Kafka.frame(record.value()).orElseThrow().getStreamId()))
            .toList();
    ConsumerRecord<byte[], byte[]> failing = room.get(room.size() / 2);
    Frame frame = Kafka.frame(failing.value()).orElseThrow();

    Running run =
        gatestream.start(
            "failing",
            Faults.environment("-Dgatestream.fault.failing=room:" + frame.getSequence()),
            arguments(recorded, gatestream));
    assertThat(run.awaitExit()).as(run::tail).isEqualTo(1);
    assertThat(run.err()).doesNotContain("\tat ");
    assertThat(run.err().lines().filter(line -> line.startsWith("error: ")).toList())
        .as(run::tail)
        .singleElement()
        .asString()
        .contains(
            "%s partition %d offset %d"
                .formatted(TOPICS.frames(), failing.partition(), failing.offset()));
    assertThat(run.err().lines().filter(line -> line.contains("is replaced")).count())
        .as(run::tail)
        .isEqualTo(FAILURES - 1);

    Running mended = gatestream.start("mended", Map.of(), arguments(recorded, gatestream));
    kafka.awaitProcessed(APPLICATION, TOPICS.frames(), List.of(mended));
    mended.terminateInTime();
    Labels found = kafka.labels(TOPICS);
    found.requireEqual(expected.of(Set.of("room", "cat")), "five failures at one frame");
    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).isEmpty();
  }

  /** A session that outlasts the test: no partition waits for its end. */
  private static List<String> arguments(Recorded recorded, Gatestream gatestream) {
    return gatestream.runArguments(recorded.bootstrapServers(), APPLICATION, TOPICS).stream()
        .map(argument -> argument.replace("session.timeout.ms=6000", "session.timeout.ms=900000"))
        .toList();
  }
}

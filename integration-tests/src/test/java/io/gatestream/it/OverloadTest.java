package io.gatestream.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.StreamStateRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code run --overload latest} behind a backlog: the lag that its consumers tell decides, the
 * newest frames are labelled, and every frame is accounted for, also by an instance that takes over
 * from a killed one.
 */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class OverloadTest {
  private static final String APPLICATION = "current";
  private static final TopicNames TOPICS = TopicNames.of("current-frames", APPLICATION);
  private static final int RECORDS = 20;

  @Test
  void aBacklogIsSkippedUpToItsNewestFramesAndCounted(Recorded recorded, Gatestream gatestream) {
    Kafka kafka = recorded.kafka();
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, TOPICS.frames())) {
      feed.feedTo(feed.size() / 2);
      Running killed = start(gatestream, recorded, "killed");
      killed.awaitErr("running: ");
      feed.feedAll();
      killed.kill();
      Running run = start(gatestream, recorded, "survivor");
      run.awaitErr("running: ");
      kafka.awaitProcessed(APPLICATION, TOPICS.frames(), List.of(run));
      run.terminateInTime();
    }

    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).isEmpty();
    Map<String, StreamStateRecord> states = kafka.states(APPLICATION);
    long skipped = states.values().stream().mapToLong(StreamStateRecord::getSkipped).sum();
    long frames =
        kafka.framesByStream(TOPICS.frames()).values().stream().mapToLong(Long::longValue).sum();
    assertThat(skipped).as("of %d frames, most lay too far back", frames).isGreaterThan(frames / 2);
    Labels labels = kafka.labels(TOPICS);
    newest(kafka)
        .forEach(
            (partition, record) -> {
              String stream = new String(record.key(), StandardCharsets.UTF_8);
              List<Label> all = labels.byStream().getOrDefault(stream, List.of());
              assertThat(all).as("partition %d ends with %s", partition, stream).isNotEmpty();
              Label last = all.get(all.size() - 1);
              assertThat(last.timestamp())
                  .as("%s", last)
                  .isGreaterThanOrEqualTo(record.timestamp());
              assertThat(last.decoded().getSkipped())
                  .as("%s shows what was skipped before it", last)
                  .isEqualTo(requireNonNull(states.get(stream)).getSkipped());
            });
  }

  @Test
  void aReplayRefusesIt(Gatestream gatestream) {
    Running replay =
        gatestream.run(
            "replay",
            Map.of("GATESTREAM_OVERLOAD", "latest"),
            "replay",
            "--bootstrap-servers",
            "localhost:1",
            "--output",
            "again");

    assertThat(replay.process().exitValue()).as(replay::tail).isEqualTo(2);
    assertThat(replay.err()).contains("overload=keep-all").doesNotContain("\tat ");
  }

  private static Running start(Gatestream gatestream, Recorded recorded, String name) {
    return gatestream.startRun(
        name,
        recorded.bootstrapServers(),
        APPLICATION,
        TOPICS,
        "--overload",
        "latest",
        "--overload-records",
        Integer.toString(RECORDS));
  }

  /** The last record of each partition that has one. */
  private static Map<Integer, ConsumerRecord<byte[], byte[]>> newest(Kafka kafka) {
    Map<Integer, ConsumerRecord<byte[], byte[]>> newest = new HashMap<>();
    kafka
        .committed(TOPICS.frames())
        .forEach(
            record ->
                newest.merge(
                    record.partition(), record, (a, b) -> a.offset() > b.offset() ? a : b));
    return newest;
  }
}

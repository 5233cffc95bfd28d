package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.hostile.HostileRecords;
import io.gatestream.hostile.Sentinel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Hostile records through a real broker and a real {@code run}. {@code -Dhostile.seed=SEED} repeats
 * the records, {@code -Dhostile.records=N} sends more of them; the resident memory that is printed
 * is judged by {@code measure/hostile}.
 */
@ExtendWith(GatestreamExtension.class)
class HostileInputTest {
  private static final long SEED = Long.getLong("hostile.seed", 20_261_121);
  private static final int RECORDS = Integer.getInteger("hostile.records", 3_000);
  private static final int PARTS = 8;
  private static final int PARTITIONS = 4;
  private static final TopicNames ALL = TopicNames.of("hostile-frames", "hostile");
  private static final TopicNames VALID = TopicNames.of("valid-frames", "valid");
  private static final TopicNames TAKEN = TopicNames.of("taken-frames", "taken");

  /** Two side features and a frame each 100 ms, as the hostile records have them. */
  private static final Path BUNDLE =
      Gatestream.ROOT.resolve("stream-app/src/test/resources/bundles/tiny-elapsed");

  /** Less than the largest records have: of these only the position is sent on. */
  private static final String LARGEST_REJECTED = "1000000";

  /** All of the heap is resident from the beginning: what grows is something else. */
  private static final Map<String, String> TOUCHED =
      Map.of("GATESTREAM_HEAP", "256m", "GATESTREAM_JAVA_OPTS", "-Xms256m -XX:+AlwaysPreTouch");

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void badFramesAreRejectedAndNoStateAdvancesByThem(Gatestream gatestream) throws IOException {
    System.out.printf("hostile records: seed %d, %d records%n", SEED, RECORDS);
    String data = gatestream.folder().resolve("kafka").toString();
    Running broker = gatestream.start("broker", "broker", "--port", "0", "--data", data);
    try (Kafka kafka = new Kafka(broker.awaitOut("listening on (\\S+)"));
        Sentinel sentinel = new Sentinel(gatestream.folder(), "untouched".getBytes(UTF_8))) {
      HostileOutcomes outcomes = sendAll(gatestream, kafka, sentinel);
      System.out.print(outcomes.table());
      assertThat(outcomes.problems()).as("seed %d", SEED).isEmpty();
      assertThat(kafka.accountProblems("hostile", ALL)).as("seed %d", SEED).isEmpty();
      sentinel.requireUntouched();

      Labels found = kafka.labels(ALL);
      Labels valid = again(gatestream, kafka, VALID, "valid", outcomes::isValid);
      only(found, HostileRecords.UNTOUCHED::contains)
          .requireEqual(only(valid, HostileRecords.UNTOUCHED::contains), context());
      only(withoutRejected(found), HostileRecords.GOOD::contains)
          .requireEqual(only(withoutRejected(valid), HostileRecords.GOOD::contains), context());
      Labels taken = again(gatestream, kafka, TAKEN, "taken", at -> !outcomes.isRejected(at));
      withoutRejected(found).requireEqual(withoutRejected(taken), context());
      assertThat(found.count()).isPositive();
    } finally {
      broker.terminate();
      Folders.delete(gatestream.folder().resolve("kafka"));
    }
  }

  private static HostileOutcomes sendAll(Gatestream gatestream, Kafka kafka, Sentinel sentinel) {
    HostileRecords records =
        new HostileRecords(
            SEED,
            Gatestream.SAMPLES.resolve("beach.mp4"),
            300,
            sentinel.file(),
            sentinel.address());
    kafka.createTopic(ALL.frames(), PARTITIONS);
    Running run = start(gatestream, kafka, ALL, "hostile");
    try (HostileFeed feed = new HostileFeed(kafka, ALL.frames(), records)) {
      for (int part = 1; part <= PARTS; part++) {
        feed.send(RECORDS * part / PARTS - feed.sent().size());
        kafka.awaitProcessed("hostile", ALL.frames(), List.of(run));
        System.out.printf(
            "after %d records: resident %d KiB%n", feed.sent().size(), run.residentKib());
      }
      run.terminateInTime();
      assertThat(gatestream.crashes()).isEmpty();
      return new HostileOutcomes(kafka, ALL, feed.sent());
    }
  }

  private static Running start(
      Gatestream gatestream, Kafka kafka, TopicNames topics, String application) {
    List<String> arguments =
        new ArrayList<>(gatestream.runArguments(kafka.bootstrapServers(), application, topics));
    arguments.addAll(List.of("--model", BUNDLE.toString(), "--max-record-bytes", LARGEST_REJECTED));
    Running run = gatestream.start(application, TOUCHED, arguments);
    run.awaitErr("running: ");
    return run;
  }

  /** The labels of the records that {@code wanted} takes, where nothing else was ever sent. */
  private static Labels again(
      Gatestream gatestream,
      Kafka kafka,
      TopicNames topics,
      String application,
      Predicate<Position> wanted) {
    List<ConsumerRecord<byte[], byte[]>> records =
        kafka.committed(ALL.frames()).stream()
            .filter(record -> wanted.test(Position.of(record)))
            .toList();
    try (Feed feed = Feed.of(kafka, topics.frames(), PARTITIONS, records)) {
      feed.feedAll();
    }
    Running run = start(gatestream, kafka, topics, application);
    kafka.awaitProcessed(application, topics.frames(), List.of(run));
    run.terminateInTime();
    assertThat(kafka.accountProblems(application, topics)).isEmpty();
    assertThat(kafka.committed(topics.rejected())).isEmpty();
    return kafka.labels(topics);
  }

  private static Labels only(Labels labels, Predicate<String> wanted) {
    Map<String, List<Label>> some = new TreeMap<>(labels.byStream());
    some.keySet().removeIf(wanted.negate());
    return new Labels(some);
  }

  private static Labels withoutRejected(Labels labels) {
    Map<String, List<Label>> changed = new TreeMap<>();
    labels
        .byStream()
        .forEach(
            (stream, all) ->
                changed.put(
                    stream, new ArrayList<>(all.stream().map(Label::notRejected).toList())));
    return new Labels(changed);
  }

  private static String context() {
    return "seed %d, %d records".formatted(SEED, RECORDS);
  }
}

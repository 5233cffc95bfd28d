package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model whose step is slow, so that a pass of a stream thread, at least one record of each of its
 * partitions, is long.
 *
 * <p>{@code -Dfaults.slow.kills=20 -Dfaults.slow.step=2000} for a long run with passes of 12 s.
 */
@ExtendWith(GatestreamExtension.class)
class SlowModelTest {
  private static final int KILLS = Integer.getInteger("faults.slow.kills", 1);

  /** Milliseconds; with one record of each partition, a pass takes some seconds. */
  private static final int STEP = Integer.getInteger("faults.slow.step", 300);

  /** Longer than the transaction timeout of Kafka Streams, 10 s. */
  private static final int LONG_STEP = 11_000 / Recorded.PARTITIONS;

  private static Fleet fleet(
      Gatestream gatestream, Recorded recorded, String application, int step, String protocol) {
    return new Fleet(
        gatestream,
        recorded.bootstrapServers(),
        application,
        topics(application),
        Faults.environment("-Dgatestream.fault.slow.step=" + step),
        List.of("--stream-threads", "1", "--kafka", "group.protocol=" + protocol));
  }

  private static TopicNames topics(String application) {
    return TopicNames.of(application + "-frames", application);
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void aPassThatIsLongerThanKafkasOwnTimeoutIsCommitted(Recorded recorded, Gatestream gatestream) {
    String application = "slow";
    TopicNames topics = topics(application);
    Kafka kafka = recorded.kafka();
    Labels expected;
    try (SteadyFeed feed = SteadyFeed.startSingle(recorded, kafka, topics.frames(), 20)) {
      // one in each partition at once, and one more
      Wait.until(() -> "frames", () -> feed.sent() > Recorded.PARTITIONS);
      expected = feed.stop(recorded.undisturbed());
    }
    Fleet fleet = fleet(gatestream, recorded, application, LONG_STEP, "classic");
    Running slow = fleet.start();
    kafka.awaitProcessed(application, topics.frames(), fleet.instances());
    assertThat(slow.err()).doesNotContain("fenced");
    fleet.terminate(slow);
    kafka.labels(topics).requireEqual(expected, "long passes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  @Timeout(value = 2, unit = TimeUnit.HOURS) // each wait within has a limit of its own
  void killedInLongPassesTheyLoseNoLabelAndRepeatNone(
      String protocol, Recorded recorded, Gatestream gatestream) {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    Random random = new Random(seed);
    String application = "slow-" + protocol;
    TopicNames topics = topics(application);
    Kafka kafka = recorded.kafka();
    Fleet fleet = fleet(gatestream, recorded, application, STEP, protocol);
    List<Long> takeOvers = new ArrayList<>();
    Labels expected;
    // fewer than one instance can label, which waits for nothing but the others' deaths
    int perSecond = Math.max(1, 500 / STEP);
    try (SteadyFeed feed = SteadyFeed.startSingle(recorded, kafka, topics.frames(), perSecond)) {
      fleet.start();
      fleet.start();
      fleet.awaitRunning();
      try (CommittedRecords labels = new CommittedRecords(kafka, topics.labels())) {
        awaitLabelsOfAll(fleet, labels);
        for (int kill = 0; kill < KILLS; kill++) {
          pause(random.nextInt(STEP * Recorded.PARTITIONS));
          fleet.requireAlive();
          fleet.kill(fleet.instances().get(random.nextInt(2)));
          long killed = System.nanoTime();
          awaitLabelsOfAll(fleet, labels);
          takeOvers.add(Duration.ofNanos(System.nanoTime() - killed).toMillis());
          fleet.start();
          fleet.awaitRunning();
        }
      }
      expected = feed.stop(recorded.undisturbed());
      kafka.awaitProcessed(application, topics.frames(), fleet.instances());
    }
    String what =
        "slow model, %s, -Dfaults.seed=%d: labels of all partitions %s ms after the kills"
            .formatted(protocol, seed, takeOvers);
    System.out.println("faults: " + what);
    kafka.labels(topics).requireEqual(expected, what);
    assertThat(kafka.accountProblems(application, topics)).isEmpty();
    assertThat(gatestream.crashes()).isEmpty();
  }

  /** New labels in every partition; a transaction that nobody ends would keep some back. */
  private static void awaitLabelsOfAll(Fleet fleet, CommittedRecords labels) {
    labels.readToEnd();
    int[] seen = {labels.count()};
    Set<Integer> labelled = new HashSet<>();
    Wait.until(
        () -> "labels of all partitions, not only of %s; %s".formatted(labelled, fleet),
        () -> {
          fleet.requireAlive();
          int now = labels.count();
          labels.all().subList(seen[0], now).forEach(label -> labelled.add(label.partition()));
          seen[0] = now;
          return labelled.size() == Recorded.PARTITIONS;
        });
  }

  /** The moment of a kill is a random one: nothing is hoped for meanwhile. */
  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Instances are killed at any moment, come, go and stand still, while a producer sends without
 * pause. What is committed then is what an undisturbed run commits, byte by byte, none lost and
 * none twice.
 *
 * <p>{@code -Dfaults.kills=100} for a long run; {@code -Dfaults.seed=N} repeats the choices of a
 * run; {@code -Dfaults.commit.interval.millis=3000} leaves more to be done again.
 */
@ExtendWith(GatestreamExtension.class)
class ExactlyOnceUnderKillTest {
  private static final String APPLICATION = "killed";
  private static final TopicNames TOPICS = TopicNames.of("killed-frames", APPLICATION);
  private static final int KILLS = Integer.getInteger("faults.kills", 10);
  private static final int INSTANCES = 3;
  private static final int PER_SECOND = Integer.getInteger("faults.frames.per.second", 60);

  /** A start takes longer than this: a kill within it hits the start, or the rebalance after. */
  private static final int STARTING_MILLIS = 6_000;

  private static final int WORKING_MILLIS = 1_000;

  private final List<String> story = new ArrayList<>();
  private final List<Duration> recoveries = new ArrayList<>();

  @Test
  @Timeout(value = 4, unit = TimeUnit.HOURS) // each wait within has a limit of its own
  void killedFrozenAndLeavingInstancesLoseNoLabelAndRepeatNone(
      Recorded recorded, Gatestream gatestream) {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    Random random = new Random(seed);
    say("-Dfaults.seed=%d -Dfaults.kills=%d".formatted(seed, KILLS));
    Kafka kafka = recorded.kafka();
    Fleet fleet =
        new Fleet(
            gatestream,
            recorded.bootstrapServers(),
            APPLICATION,
            TOPICS,
            "--commit-interval-millis",
            System.getProperty("faults.commit.interval.millis", "100"));
    Labels expected;
    try (SteadyFeed feed = SteadyFeed.start(recorded, kafka, TOPICS.frames(), PER_SECOND)) {
      fleet.start();
      fleet.awaitRunning();
      try (CommittedRecords labels = new CommittedRecords(kafka, TOPICS.labels())) {
        for (int kill = 0; kill < KILLS; kill++) {
          resize(fleet, instancesAt(kill));
          if (kill == KILLS / 2) {
            freezeBeyondTheSessionTimeout(fleet, kafka, labels, random);
          }
          kill(fleet, kafka, labels, feed, random);
        }
        resize(fleet, 1);
        expected = feed.stop(recorded.undisturbed());
        kafka.awaitProcessed(APPLICATION, TOPICS.frames(), fleet.instances());
      }
      fleet.terminate(fleet.oldest());
    }
    kafka.labels(TOPICS).requireEqual(expected, String.join("\n  ", story));
    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).as("%s", story).isEmpty();
    assertThat(EventsOfLabels.problems(kafka, TOPICS)).as("%s", story).isEmpty();
    assertThat(gatestream.crashes()).isEmpty();
    say(
        "survived %d kills: %d labels are those of an undisturbed run; first label of a killed instance's partitions after %s"
            .formatted(KILLS, expected.count(), summary(recoveries)));
  }

  /** One at the beginning and at the end, more between. */
  private static int instancesAt(int kill) {
    boolean middle = kill >= KILLS / 5 && kill < KILLS - KILLS / 5;
    return middle ? INSTANCES : 1;
  }

  private void resize(Fleet fleet, int size) {
    while (fleet.instances().size() < size) {
      say("started " + fleet.start());
    }
    while (fleet.instances().size() > size) {
      Running leaving = fleet.oldest();
      leaving.awaitErr("running: ");
      fleet.terminate(leaving);
      say("SIGTERM ended " + leaving);
    }
  }

  private void kill(
      Fleet fleet, Kafka kafka, CommittedRecords labels, SteadyFeed feed, Random random) {
    boolean working = random.nextBoolean();
    if (working) {
      fleet.awaitRunning();
      awaitMore(fleet, labels);
    }
    fleet.requireAlive();
    pause(random.nextInt(working ? WORKING_MILLIS : STARTING_MILLIS));
    Running victim = fleet.instances().get(random.nextInt(fleet.instances().size()));
    Set<Integer> held =
        fleet.processId(victim).map(id -> kafka.partitionsOf(APPLICATION, id)).orElse(Set.of());
    long open = kafka.uncommitted(APPLICATION, TOPICS.frames());
    fleet.kill(victim);
    long killed = System.nanoTime();
    fleet.start();
    String what =
        "killed %s with partitions %s, %d of %d records not committed, replaced by %s"
            .formatted(victim, held, open, feed.sent(), fleet.newest().name());
    if (working && !held.isEmpty()) {
      awaitLabelOf(held, kafka, fleet, labels);
      Duration recovery = Duration.ofNanos(System.nanoTime() - killed);
      recoveries.add(recovery);
      what += "; their first label after %d ms".formatted(recovery.toMillis());
    }
    say(what);
  }

  /** The others take over; the zombie's unfinished transaction must not count when it awakes. */
  private void freezeBeyondTheSessionTimeout(
      Fleet fleet, Kafka kafka, CommittedRecords labels, Random random) {
    fleet.awaitRunning();
    awaitMore(fleet, labels);
    Running zombie = fleet.oldest();
    String id = fleet.processId(zombie).orElseThrow();
    Wait.until(
        () -> "partitions of " + zombie, () -> !kafka.partitionsOf(APPLICATION, id).isEmpty());
    pause(random.nextInt(WORKING_MILLIS));
    Set<Integer> held = kafka.partitionsOf(APPLICATION, id);
    zombie.freeze();
    Wait.until(() -> zombie + " out of its group", () -> !kafka.isMember(APPLICATION, id));
    awaitLabelOf(held, kafka, fleet, labels);
    zombie.thaw();
    Wait.until(
        () -> zombie + " in its group again",
        () -> {
          zombie.requireAlive();
          return kafka.isMember(APPLICATION, id);
        });
    say("froze %s with partitions %s until the others labelled them".formatted(zombie, held));
  }

  private static void awaitMore(Fleet fleet, CommittedRecords labels) {
    labels.readToEnd();
    int before = labels.count();
    Wait.until(
        () -> "a label more than %d; %s".formatted(before, fleet),
        () -> {
          fleet.requireAlive();
          return labels.count() > before;
        });
  }

  /** A label that is not committed yet, in one of the partitions. */
  private static void awaitLabelOf(
      Set<Integer> partitions, Kafka kafka, Fleet fleet, CommittedRecords labels) {
    labels.readToEnd();
    int[] seen = {labels.count()};
    Wait.until(
        () ->
            "labels in partitions %s; %s%s"
                .formatted(partitions, fleet, kafka.positions(APPLICATION, TOPICS)),
        () -> {
          fleet.requireAlive();
          int now = labels.count();
          boolean found =
              labels.all().subList(seen[0], now).stream()
                  .anyMatch(label -> partitions.contains(label.partition()));
          seen[0] = now;
          return found;
        });
  }

  /** The moment of a fault is a random one: nothing is hoped for meanwhile. */
  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String summary(List<Duration> durations) {
    if (durations.isEmpty()) {
      return "(not measured)";
    }
    Collections.sort(durations);
    return "%d ms (median of %d; %d to %d ms)"
        .formatted(
            durations.get(durations.size() / 2).toMillis(),
            durations.size(),
            durations.get(0).toMillis(),
            durations.get(durations.size() - 1).toMillis());
  }

  private void say(String event) {
    story.add(event);
    System.out.println("faults: " + event);
  }
}

package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Instances are killed while they work. What is committed then is what an undisturbed run commits,
 * byte by byte, none lost and none twice.
 *
 * <p>{@code -Dfaults.seed=N} repeats the choices of a run; {@code -Dfaults.guarantee=at-least-once
 * -Dfaults.commit.interval.millis=3000} shows that the test can fail.
 */
@ExtendWith(GatestreamExtension.class)
class ExactlyOnceUnderKillTest {
  private static final String APPLICATION = "killed";
  private static final TopicNames TOPICS = TopicNames.of("killed-frames", APPLICATION);
  private static final int INSTANCES = 3;
  private static final int KILLS = 3;

  /** Records that an instance is killed among. */
  private static final int BURST = 300;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void killedInstancesLoseNoLabelAndRepeatNone(Recorded recorded, Gatestream gatestream) {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    Random random = new Random(seed);
    Kafka kafka = recorded.kafka();
    List<String> story = new ArrayList<>(List.of("faults.seed=" + seed));
    List<Running> instances = new ArrayList<>();
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, TOPICS.frames())) {
      for (int i = 0; i < INSTANCES; i++) {
        instances.add(start(gatestream, recorded, "instance-" + i));
      }
      instances.forEach(instance -> instance.awaitErr("running: "));
      try (CommittedRecords labels = new CommittedRecords(kafka, TOPICS.labels())) {
        int stretch = feed.size() / (KILLS + 1);
        for (int kill = 0; kill < KILLS; kill++) {
          feed.feedTo(kill * stretch + random.nextInt(stretch - BURST));
          instances.forEach(instance -> instance.awaitErr("running: "));
          int before = labels.count();
          feed.feedTo(feed.fed() + BURST);
          int wanted = before + 1 + random.nextInt(BURST / 2);
          Running victim = instances.get(random.nextInt(INSTANCES));
          Wait.until(
              () -> "label %d of %d, %s".formatted(wanted, labels.all().size(), instances),
              () -> {
                instances.forEach(Running::requireAlive);
                return labels.count() >= wanted;
              });
          victim.kill();
          story.add(
              "killed %s at %d labels, %d records fed; assignment %s"
                  .formatted(
                      victim, labels.all().size(), feed.fed(), kafka.assignment(APPLICATION)));
          assertThat(kafka.uncommitted(APPLICATION, TOPICS.frames()))
              .as("records under way at the kill: %s", story)
              .isPositive();
          instances.set(
              instances.indexOf(victim), start(gatestream, recorded, "replacement-" + kill));
        }
      }
      feed.feedAll();
      kafka.awaitProcessed(APPLICATION, TOPICS.frames(), instances);
    }
    System.out.println(String.join("\n  ", story));
    Labels labels = kafka.labels(TOPICS);
    labels.requireEqual(recorded.undisturbed(), String.join("\n  ", story));
    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).as("%s", story).isEmpty();
  }

  private static Running start(Gatestream gatestream, Recorded recorded, String name) {
    return gatestream.startRun(
        name,
        recorded.bootstrapServers(),
        APPLICATION,
        TOPICS,
        "--guarantee",
        System.getProperty("faults.guarantee", "exactly-once"),
        "--commit-interval-millis",
        System.getProperty("faults.commit.interval.millis", "100"));
  }
}

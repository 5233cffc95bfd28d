package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cluster of three loses a broker under load: the one that coordinates the application's group.
 * Labels stay those of an undisturbed run. {@code -Dfaults.brokers=N} for more of them, one after
 * the other.
 */
@ExtendWith(GatestreamExtension.class)
class LostBrokerTest {
  private static final String APPLICATION = "lost";
  private static final TopicNames TOPICS = TopicNames.of("lost-frames", APPLICATION);
  private static final int PER_SECOND = 60;
  private static final int LOSSES = Integer.getInteger("faults.brokers", 1);

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS) // each wait within has a limit of its own
  void aBrokerThatIsKilledCostsNoLabel(Recorded recorded, Gatestream gatestream) {
    BrokerCluster cluster = new BrokerCluster(gatestream);
    List<String> story = new ArrayList<>();
    try (Kafka kafka = new Kafka(cluster.bootstrapServers());
        Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      Fleet fleet = new Fleet(gatestream, cluster.bootstrapServers(), APPLICATION, TOPICS);
      Labels expected;
      try (SteadyFeed feed = SteadyFeed.start(recorded, kafka, TOPICS.frames(), PER_SECOND)) {
        fleet.start();
        fleet.start();
        fleet.awaitRunning();
        requireReplicas(admin);
        for (int loss = 0; loss < LOSSES; loss++) {
          kafka.awaitMore(TOPICS, fleet);
          int node = coordinator(admin);
          cluster.kill(node);
          story.add("killed broker %d, with %d records sent".formatted(node, feed.sent()));
          kafka.awaitMore(TOPICS, fleet);
          cluster.startAgain(node);
          awaitInSync(admin);
        }
        expected = feed.stop(recorded.undisturbed());
        kafka.awaitProcessed(APPLICATION, TOPICS.frames(), fleet.instances());
      }
      while (!fleet.instances().isEmpty()) {
        fleet.terminate(fleet.oldest());
      }
      assertThat(kafka.accountProblems(APPLICATION, TOPICS)).as("%s", story).isEmpty();
      RepeatedFrames repeats = RepeatedFrames.of(kafka.committed(TOPICS.frames()));
      kafka
          .labels(TOPICS)
          .requireEqual(repeats.countedIn(expected), "%s; %s".formatted(story, repeats));
      System.out.printf("lost broker: %s; %d labels are exact%n", story, expected.count());
    }
    cluster.delete();
  }

  private static List<String> topics() {
    return List.of(
        TOPICS.frames(),
        TOPICS.labels(),
        TOPICS.rejected(),
        TOPICS.events(),
        APPLICATION + "-streams-changelog",
        "__consumer_offsets",
        "__transaction_state");
  }

  /** By the brokers' own settings: {@code replication.factor} is not given. */
  private static void requireReplicas(Admin admin) {
    replicas(admin, false)
        .forEach((topic, replicas) -> assertThat(replicas).as(topic).containsOnly(3));
  }

  private static void awaitInSync(Admin admin) {
    Wait.until(
        () -> "replicas in sync: " + replicas(admin, true),
        () ->
            replicas(admin, true).values().stream()
                .allMatch(counts -> counts.stream().allMatch(count -> count == 3)));
  }

  /** How many replicas each partition has, of each topic. */
  private static Map<String, List<Integer>> replicas(Admin admin, boolean inSync) {
    Map<String, List<Integer>> replicas = new TreeMap<>();
    Kafka.get(admin.describeTopics(topics()).allTopicNames())
        .forEach(
            (topic, described) ->
                replicas.put(
                    topic,
                    described.partitions().stream()
                        .map(one -> inSync ? one.isr().size() : one.replicas().size())
                        .toList()));
    return replicas;
  }

  private static int coordinator(Admin admin) {
    return Kafka.get(admin.describeConsumerGroups(List.of(APPLICATION)).all())
        .values()
        .iterator()
        .next()
        .coordinator()
        .id();
  }
}

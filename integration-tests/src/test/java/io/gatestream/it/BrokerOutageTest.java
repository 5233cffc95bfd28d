package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The broker is killed under load and comes back, after a moment and after longer than producers
 * keep what they could not deliver. Labels stay those of an undisturbed run.
 */
@ExtendWith(GatestreamExtension.class)
class BrokerOutageTest {
  private static final String APPLICATION = "outage";
  private static final TopicNames TOPICS = TopicNames.of("outage-frames", APPLICATION);
  private static final int PER_SECOND = 60;

  /** An instance gives up what it could not deliver for this long. */
  private static final int DELIVERY_MILLIS = 4_000;

  private static final String[] IMPATIENT = {
    "--kafka", "producer.delivery.timeout.ms=" + DELIVERY_MILLIS,
    "--kafka", "producer.request.timeout.ms=2000",
    "--kafka", "producer.max.block.ms=" + DELIVERY_MILLIS,
    "--kafka", "task.timeout.ms=" + DELIVERY_MILLIS,
  };

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void aBrokerThatIsKilledAndComesBackCostsNoLabel(Recorded recorded, Gatestream gatestream) {
    Broker broker = new Broker(gatestream);
    try (Kafka kafka = new Kafka(broker.bootstrapServers())) {
      Fleet fleet = new Fleet(gatestream, broker.bootstrapServers(), APPLICATION, TOPICS);
      Labels expected;
      try (SteadyFeed feed = SteadyFeed.start(recorded, kafka, TOPICS.frames(), PER_SECOND)) {
        fleet.start();
        fleet.awaitRunning();
        for (int outage = 0; outage < 2; outage++) {
          awaitMore(kafka, fleet);
          broker.kill();
          broker.startAgain();
        }
        awaitMore(kafka, fleet);
        expected = feed.stop(recorded.undisturbed());
        kafka.awaitProcessed(APPLICATION, TOPICS.frames(), fleet.instances());
      }
      fleet.terminate(fleet.oldest());
      requireExact(kafka, expected, "broker killed twice");
    }
    broker.kill();
    broker.delete();
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void aBrokerThatStaysAwayIsNamedOrWaitedForAndNoLabelIsLost(
      Recorded recorded, Gatestream gatestream) throws InterruptedException {
    Broker broker = new Broker(gatestream);
    String outcome;
    try (Kafka kafka = new Kafka(broker.bootstrapServers())) {
      Fleet fleet =
          new Fleet(gatestream, broker.bootstrapServers(), APPLICATION, TOPICS, IMPATIENT);
      Labels expected;
      try (SteadyFeed feed = SteadyFeed.start(recorded, kafka, TOPICS.frames(), PER_SECOND)) {
        Running first = fleet.start();
        fleet.awaitRunning();
        awaitMore(kafka, fleet);
        broker.kill();
        boolean ended = first.process().waitFor(6 * DELIVERY_MILLIS, TimeUnit.MILLISECONDS);
        outcome = ended ? "ended" : "waited";
        if (ended) {
          assertThat(first.process().exitValue()).as(first::tail).isEqualTo(1);
          assertThat(first.err()).doesNotContain("\tat ");
          assertThat(first.err().lines().filter(line -> line.startsWith("error: ")).toList())
              .as(first::tail)
              .singleElement()
              .asString()
              .contains(broker.bootstrapServers(), "does not answer", "start again");
        }
        broker.startAgain();
        if (ended) {
          fleet.start();
        }
        expected = feed.stop(recorded.undisturbed());
        List<Running> working = List.of(fleet.newest());
        kafka.awaitProcessed(APPLICATION, TOPICS.frames(), working);
      }
      fleet.terminate(fleet.newest());
      requireExact(kafka, expected, "broker long away, and the instance " + outcome);
    }
    System.out.println("outage: the instance " + outcome);
    broker.kill();
    broker.delete();
  }

  private static void requireExact(Kafka kafka, Labels expected, String context) {
    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).isEmpty();
    assertThat(repeated(kafka)).as("frames that the feed's own producer wrote twice").isEmpty();
    kafka.labels(TOPICS).requireEqual(expected, context);
  }

  private static List<String> repeated(Kafka kafka) {
    Set<String> seen = new HashSet<>();
    return kafka.committed(TOPICS.frames()).stream()
        .map(record -> Kafka.frame(record.value()).orElseThrow())
        .map(frame -> frame.getStreamId() + " " + frame.getSequence())
        .filter(frame -> !seen.add(frame))
        .toList();
  }

  private static void awaitMore(Kafka kafka, Fleet fleet) {
    try (CommittedRecords labels = new CommittedRecords(kafka, TOPICS.labels())) {
      labels.readToEnd();
      int before = labels.count();
      Wait.until(
          () -> "a label more than %d; %s".formatted(before, fleet),
          () -> {
            fleet.requireAlive();
            return labels.count() > before;
          });
    }
  }
}

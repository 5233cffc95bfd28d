package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The broker is killed under load and comes back, after a moment and after longer than producers
 * keep what they could not deliver. Labels stay those of an undisturbed run. {@code
 * -Dfaults.outages=N} for more of them.
 */
@ExtendWith(GatestreamExtension.class)
class BrokerOutageTest {
  private static final String APPLICATION = "outage";
  private static final TopicNames TOPICS = TopicNames.of("outage-frames", APPLICATION);
  private static final int PER_SECOND = 60;

  private static final int OUTAGES = Integer.getInteger("faults.outages", 2);

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
        for (int outage = 0; outage < OUTAGES; outage++) {
          kafka.awaitMore(TOPICS, fleet);
          broker.kill();
          broker.startAgain();
        }
        kafka.awaitMore(TOPICS, fleet);
        expected = feed.stop(recorded.undisturbed());
        kafka.awaitProcessed(APPLICATION, TOPICS.frames(), fleet.instances());
      }
      fleet.terminate(fleet.oldest());
      requireExact(kafka, expected, "broker killed %d times".formatted(OUTAGES));
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
        kafka.awaitMore(TOPICS, fleet);
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
    RepeatedFrames repeats = RepeatedFrames.of(kafka.committed(TOPICS.frames()));
    System.out.println("outage: " + repeats);
    kafka.labels(TOPICS).requireEqual(repeats.countedIn(expected), context);
  }
}

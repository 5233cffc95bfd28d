package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The broker is killed and comes again on its data and port, at once and after longer than
 * producers wait. An instance that gives up says why and is started again, as a supervisor does.
 *
 * <p>{@code -Dfaults.seed=N} repeats the choices of a run.
 */
@ExtendWith(GatestreamExtension.class)
class BrokerOutageTest {
  private static final String APPLICATION = "outlived";
  private static final TopicNames TOPICS = TopicNames.of("outlived-frames", APPLICATION);
  private static final int PER_SECOND = 60;
  private static final int RESTARTS = 2;
  private static final int DELIVERY_MILLIS = 6_000;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void aBrokerThatDiesAndComesAgainCostsNoLabelAndDoublesNone(
      Recorded recorded, Gatestream gatestream) {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> story = new ArrayList<>(List.of("-Dfaults.seed=" + seed));
    int port = portThatNoClientTakes(random);
    int[] brokers = {0};
    Running broker = startBroker(gatestream, port, brokers);
    Fleet fleet =
        new Fleet(
            gatestream,
            "127.0.0.1:" + port,
            APPLICATION,
            TOPICS,
            "--kafka",
            "producer.delivery.timeout.ms=" + DELIVERY_MILLIS,
            "--kafka",
            "producer.request.timeout.ms=" + DELIVERY_MILLIS / 2);
    Labels expected;
    try (Kafka kafka = new Kafka("127.0.0.1:" + port);
        SteadyFeed feed = SteadyFeed.start(recorded, kafka, TOPICS.frames(), PER_SECOND)) {
      fleet.start();
      fleet.start();
      fleet.awaitRunning();
      for (int outage = 0; outage <= RESTARTS; outage++) {
        awaitLabels(kafka, fleet);
        pause(random.nextInt(1_000));
        broker.kill();
        boolean isLong = outage == RESTARTS;
        long away = isLong ? 2 * DELIVERY_MILLIS + random.nextInt(DELIVERY_MILLIS) : 0;
        pause(away);
        broker = startBroker(gatestream, port, brokers);
        story.add("broker killed at %d records, %d ms away".formatted(feed.sent(), away));
      }
      story.add("%d instances gave up".formatted(awaitLabels(kafka, fleet)));
      expected = feed.stop(recorded.undisturbed());
      Wait.until(
          () -> "the end of all records; " + fleet,
          () -> {
            fleet.restartFailed();
            return kafka.uncommitted(APPLICATION, TOPICS.frames()) == 0;
          });
      for (Running instance : fleet.instances()) {
        fleet.terminate(instance);
      }
      kafka.labels(TOPICS).requireEqual(expected, String.join("\n  ", story));
      assertThat(kafka.accountProblems(APPLICATION, TOPICS)).as("%s", story).isEmpty();
    }
    story.add("%d labels are those of an undisturbed run".formatted(expected.count()));
    story.forEach(line -> System.out.println("broker outage: " + line));
    assertThat(gatestream.crashes()).isEmpty();
    assertThat(broker.terminate()).as(broker::tail).isZero();
  }

  private static Running startBroker(Gatestream gatestream, int port, int[] started) {
    Running broker =
        gatestream.start(
            "broker-" + started[0]++,
            "broker",
            "--port",
            Integer.toString(port),
            "--data",
            gatestream.folder().resolve("kafka").toString());
    broker.awaitOut("listening on (\\S+)");
    return broker;
  }

  /** Waits for labels of after now; gives the number of instances that failed meanwhile. */
  private static int awaitLabels(Kafka kafka, Fleet fleet) {
    int[] failed = {0};
    try (CommittedRecords labels = new CommittedRecords(kafka, TOPICS.labels())) {
      labels.readToEnd();
      int before = labels.count();
      Wait.until(
          () -> "a label more than %d; %s".formatted(before, fleet),
          () -> {
            failed[0] += fleet.restartFailed();
            return labels.count() > before;
          });
    }
    return failed[0];
  }

  /**
   * Below the ports that Linux gives to clients: one that asks for the broker again and again while
   * it is away could else be given the broker's own port and connect to itself.
   */
  private static int portThatNoClientTakes(Random random) {
    while (true) {
      int port = 20_000 + random.nextInt(12_000);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException e) {
        continue; // taken
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

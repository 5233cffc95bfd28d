package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Instances come and go by SIGTERM under load; streams' states follow their partitions. */
@ExtendWith(GatestreamExtension.class)
class StateMovesTest {
  private static final String APPLICATION = "moved";
  private static final TopicNames TOPICS = TopicNames.of("moved-frames", APPLICATION);

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void instancesThatJoinAndLeaveChangeNoLabel(Recorded recorded, Gatestream gatestream) {
    Kafka kafka = recorded.kafka();
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, TOPICS.frames())) {
      int third = feed.size() / 3;
      Running first = start(gatestream, recorded, "first");
      first.awaitErr("running: ");
      try (CommittedRecords labels = new CommittedRecords(kafka, TOPICS.labels())) {
        feed.feedTo(third / 2);
        Running second = start(gatestream, recorded, "second");
        Wait.until(
            () -> "partitions at both instances, not " + kafka.assignment(APPLICATION),
            () -> {
              List.of(first, second).forEach(Running::requireAlive);
              return kafka.assignment(APPLICATION).values().stream().filter(n -> n > 0).count()
                  == 2;
            });

        stopUnderLoad(first, feed, third, labels);
        awaitMore(labels, second);

        stopUnderLoad(second, feed, 2 * third, labels);
      }
      assertThat(kafka.uncommitted(APPLICATION, TOPICS.frames()))
          .as("frames that were left")
          .isPositive();
      feed.feedAll();
      Running third1 = start(gatestream, recorded, "third");
      kafka.awaitProcessed(APPLICATION, TOPICS.frames(), List.of(third1));
      third1.terminateInTime();
    }
    assertThat(gatestream.crashes()).isEmpty();
    kafka.labels(TOPICS).requireEqual(recorded.undisturbed(), "two stopped, one joined");
    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).isEmpty();
  }

  /** Feeds, and stops the instance as soon as labels of what was fed come. */
  private static void stopUnderLoad(
      Running instance, Feed feed, int feedTo, CommittedRecords labels) {
    labels.readToEnd();
    int before = labels.count();
    feed.feedTo(feedTo);
    Wait.until(
        () -> "a label more than " + before,
        () -> {
          instance.requireAlive();
          return labels.count() > before;
        });
    instance.terminateInTime();
  }

  private static void awaitMore(CommittedRecords labels, Running other) {
    labels.readToEnd();
    int before = labels.count();
    Wait.until(
        () -> "a label more than " + before,
        () -> {
          other.requireAlive();
          return labels.count() > before;
        });
  }

  private static Running start(Gatestream gatestream, Recorded recorded, String name) {
    return gatestream.startRun(name, recorded.bootstrapServers(), APPLICATION, TOPICS);
  }
}

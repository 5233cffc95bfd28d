package io.gatestream.replay;

import io.gatestream.errors.OutageException;
import io.gatestream.kafka.Brokers;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Says where retention overtakes a replay: frames deleted before they were read. One thread. */
final class Losses {
  private final Brokers brokers;
  private final String topic;
  private final ReplayPlan plan;
  private final ReplayListener listener;
  private final Set<Integer> said = new HashSet<>();

  Losses(Brokers brokers, String topic, ReplayPlan plan, ReplayListener listener) {
    this.brokers = brokers;
    this.topic = topic;
    this.plan = plan;
    this.listener = listener;
  }

  void look(GroupPosition position) {
    try {
      brokers
          .topics()
          .beginnings(topic)
          .forEach((partition, first) -> look(partition, first, position));
    } catch (KafkaException | OutageException e) {
      return; // asked again; the application itself says what is wrong with the brokers
    }
  }

  private void look(TopicPartition partition, long first, GroupPosition position) {
    ReplayPlan.Span span = plan.spans().get(partition.partition());
    if (span == null) {
      return;
    }
    long at = position.at(partition.partition(), span);
    if (first > at && at < span.end() && said.add(partition.partition())) {
      listener.note(
          "partition %d of '%s': offsets %d to %d were deleted before their labels were committed"
              .formatted(partition.partition(), topic, at, Math.min(first, span.end())));
    }
  }
}

package io.gatestream.replay;

import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.RangeReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a replay's group has committed its plan. Under exactly-once the labels are in the same
 * transactions. For one thread.
 *
 * <p>A group commits no offset past its last record where only markers and aborted transactions
 * follow: what has nothing left to be read is done too.
 */
final class GroupPosition {
  private final Brokers brokers;
  private final RangeReader reader;
  private final String group;
  private final String topic;
  private final ReplayPlan plan;
  private final Set<Integer> nothingLeft = new HashSet<>();
  private Map<Integer, Long> committed = Map.of();

  GroupPosition(Brokers brokers, RangeReader reader, String group, String topic, ReplayPlan plan) {
    this.brokers = brokers;
    this.reader = reader;
    this.group = group;
    this.topic = topic;
    this.plan = plan;
  }

  /** Commits the starts of partitions without an offset, for a group without members. */
  void begin() {
    refresh();
    Map<TopicPartition, OffsetAndMetadata> missing = new HashMap<>();
    plan.spans()
        .forEach(
            (partition, span) -> {
              if (!committed.containsKey(partition)) {
                missing.put(
                    new TopicPartition(topic, partition), new OffsetAndMetadata(span.start()));
              }
            });
    brokers.groups().commit(group, missing);
    refresh();
  }

  /** Whether every partition has an offset: they are committed together at the first start. */
  boolean isComplete() {
    refresh();
    return committed.keySet().containsAll(plan.spans().keySet());
  }

  /** Asks the brokers; whether anything has changed. */
  boolean refresh() {
    Map<Integer, Long> now = new HashMap<>();
    brokers
        .groups()
        .committed(group)
        .forEach(
            (at, offset) -> {
              if (at.topic().equals(topic)) {
                now.put(at.partition(), offset.offset());
              }
            });
    boolean moved = !now.equals(committed);
    committed = now;
    return moved;
  }

  /** Looks into what is left of each partition; for when nothing moves. */
  void probe() {
    plan.spans()
        .forEach(
            (partition, span) -> {
              if (!isDone(partition, span)
                  && reader
                      .first(new TopicPartition(topic, partition), at(partition, span), span.end())
                      .isEmpty()) {
                nothingLeft.add(partition);
              }
            });
  }

  boolean isDone() {
    return plan.spans().entrySet().stream()
        .allMatch(entry -> isDone(entry.getKey(), entry.getValue()));
  }

  private boolean isDone(int partition, ReplayPlan.Span span) {
    return nothingLeft.contains(partition) || at(partition, span) >= span.end();
  }

  /** Where the group is within a span. */
  long at(int partition, ReplayPlan.Span span) {
    long offset = committed.getOrDefault(partition, span.start());
    return Math.min(span.end(), Math.max(span.start(), offset));
  }

  /** Offsets of the plan that are done. */
  long done() {
    long done = 0;
    for (Map.Entry<Integer, ReplayPlan.Span> entry : plan.spans().entrySet()) {
      ReplayPlan.Span span = entry.getValue();
      done += (isDone(entry.getKey(), span) ? span.end() : at(entry.getKey(), span)) - span.start();
    }
    return done;
  }
}

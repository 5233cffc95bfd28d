package io.gatestream.stream.passes;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer of a stream thread: it stays a member of its group for longer than Kafka Streams
 * thinks, fetches no more records while the thread has some of earlier polls, and leaves its group
 * when it closes.
 *
 * <p>Kafka Streams works on what was polled until nothing is left or half of the poll interval that
 * it knows is over, and then polls again. That time is what bounds the work between two polls,
 * whatever a record costs. Fetching meanwhile would fill the memory.
 *
 * <p>Used by its stream thread.
 */
final class MainConsumer extends KafkaConsumer<byte[], byte[]> {
  private final BooleanSupplier stays;
  private final long pollNanos;

  /** Paused for the one poll, and not by Kafka Streams. */
  private final Set<TopicPartition> held = new HashSet<>();

  private long polled = System.nanoTime();

  /**
   * Made of what Kafka Streams gives.
   *
   * @param stays asked on the thread that closes it: whether it stays in its group
   */
  MainConsumer(Map<String, Object> config, PassLimits limits, BooleanSupplier stays) {
    super(forLong(config, limits), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.stays = stays;
    this.pollNanos = Duration.ofMillis(limits.pollMillis()).toNanos();
  }

  private static Map<String, Object> forLong(Map<String, Object> config, PassLimits limits) {
    config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, limits.maxPollMillis());
    return config;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    if (System.nanoTime() - polled < pollNanos) {
      return timed(timeout);
    }
    held.addAll(assignment());
    held.removeAll(paused());
    super.pause(held);
    try {
      return timed(timeout);
    } finally {
      held.retainAll(assignment());
      super.resume(held);
      held.clear();
    }
  }

  private ConsumerRecords<byte[], byte[]> timed(Duration timeout) {
    try {
      return super.poll(timeout);
    } finally {
      polled = System.nanoTime();
    }
  }

  /** As Kafka's; a rebalance within a poll pauses what has to be restored first. */
  @Override
  public void pause(Collection<TopicPartition> partitions) {
    held.removeAll(partitions);
    super.pause(partitions);
  }

  @Override
  public void close(CloseOptions given) {
    CloseOptions closing =
        CloseOptions.groupMembershipOperation(
            stays.getAsBoolean()
                ? GroupMembershipOperation.REMAIN_IN_GROUP
                : GroupMembershipOperation.LEAVE_GROUP);
    super.close(given.timeout().map(closing::withTimeout).orElse(closing));
  }
}

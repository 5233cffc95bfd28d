package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.OutageException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks at single records of offset ranges without a group: what of a partition is there to be read
 * at all. Markers of transactions have offsets and are never read, nor are records of aborted
 * transactions by a {@link #committed} reader. For one thread.
 */
public final class RangeReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration timeout;

  private RangeReader(KafkaAccess access, Map<String, Object> isolation) {
    Map<String, Object> settings = new HashMap<>(isolation);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    consumer = GrouplessConsumer.open(access, settings);
    timeout = access.timeout();
  }

  /** Reads what is committed. */
  public static RangeReader committed(KafkaAccess access) {
    return new RangeReader(access, Map.of());
  }

  /** Reads everything, also of open and aborted transactions. */
  public static RangeReader uncommitted(KafkaAccess access) {
    return new RangeReader(access, GrouplessConsumer.UNCOMMITTED);
  }

  /**
   * The first record from {@code start} on and before {@code end}; empty where there is none.
   *
   * @throws OutageException the brokers do not answer
   */
  public Optional<ConsumerRecord<byte[], byte[]>> first(
      TopicPartition partition, long start, long end) {
    if (start >= end) {
      return Optional.empty();
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, start);
    long until = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < until) {
      List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
      if (!records.isEmpty()) {
        return Optional.of(records.get(0)).filter(record -> record.offset() < end);
      }
      if (consumer.position(partition, timeout) >= end) {
        return Optional.empty();
      }
    }
    throw new OutageException(
        "%s cannot be read within %d s: look at the brokers (--broker-timeout)"
            .formatted(partition, timeout.toSeconds()));
  }

  /** The value of a record; empty where there is none, or none any more. */
  public Optional<byte[]> value(RecordPosition position) {
    TopicPartition partition = new TopicPartition(position.topic(), position.partition());
    boolean exists =
        consumer.partitionsFor(position.topic(), timeout).stream()
            .anyMatch(info -> info.partition() == position.partition());
    // past its end a partition would be read from its beginning
    return exists
            && position.offset()
                < consumer.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L)
        ? first(partition, position.offset(), position.offset() + 1).map(ConsumerRecord::value)
        : Optional.empty();
  }

  @Override
  public void close() {
    consumer.close();
  }
}

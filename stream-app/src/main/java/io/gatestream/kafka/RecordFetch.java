package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Fetches single records by their positions, outside of any group and transaction. For one thread.
 */
public final class RecordFetch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration timeout;

  RecordFetch(Consumer<byte[], byte[]> consumer, Duration timeout) {
    this.consumer = consumer;
    this.timeout = timeout;
  }

  public static RecordFetch open(KafkaAccess access) {
    Map<String, Object> config = access.consumer();
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    // a record that was decoded is there for this too, even if its transaction is open
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    return new RecordFetch(
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        access.timeout());
  }

  /**
   * The value of a record; empty where there is none any more.
   *
   * @throws TimeoutException the brokers do not answer
   */
  public Optional<byte[]> value(RecordPosition position) {
    TopicPartition partition = new TopicPartition(position.topic(), position.partition());
    if (!exists(partition)) {
      return Optional.empty();
    }
    Set<TopicPartition> one = Set.of(partition);
    Long first = consumer.beginningOffsets(one, timeout).get(partition);
    Long end = consumer.endOffsets(one, timeout).get(partition);
    if (first == null || end == null || position.offset() < first || position.offset() >= end) {
      return Optional.empty();
    }
    consumer.assign(one);
    consumer.seek(partition, position.offset());
    long until = System.nanoTime() + timeout.toNanos();
    do {
      List<ConsumerRecord<byte[], byte[]>> records;
      try {
        records = consumer.poll(POLL).records(partition);
      } catch (OffsetOutOfRangeException e) {
        return Optional.empty(); // deleted meanwhile
      }
      if (!records.isEmpty()) {
        ConsumerRecord<byte[], byte[]> record = records.get(0);
        return record.offset() == position.offset()
            ? Optional.ofNullable(record.value())
            : Optional.empty();
      }
      if (consumer.position(partition, timeout) > position.offset()) {
        return Optional.empty();
      }
    } while (System.nanoTime() < until);
    throw new TimeoutException("the record at %s does not come".formatted(position));
  }

  private boolean exists(TopicPartition partition) {
    var found = consumer.partitionsFor(partition.topic(), timeout);
    Set<Integer> numbers = new HashSet<>();
    if (found != null) {
      found.forEach(info -> numbers.add(info.partition()));
    }
    return numbers.contains(partition.partition());
  }

  @Override
  public void close() {
    consumer.close();
  }
}

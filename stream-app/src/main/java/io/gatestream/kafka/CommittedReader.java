package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks at committed records without a group: what of a partition is there to be read at all.
 * Markers of transactions, and records of aborted ones, have offsets and are never read. For one
 * thread.
 */
public final class CommittedReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration timeout;

  public CommittedReader(KafkaAccess access) {
    Map<String, Object> config = access.consumer();
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    timeout = access.timeout();
    try {
      consumer =
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw new ConfigException("cannot use the Kafka client settings: " + ClientFault.of(e), e);
    }
  }

  /** The first record from {@code start} on and before {@code end}; empty where there is none. */
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
    throw new IllegalStateException(
        "%s cannot be read within %d s: look at the brokers (--broker-timeout)"
            .formatted(partition, timeout.toSeconds()));
  }

  @Override
  public void close() {
    consumer.close();
  }
}

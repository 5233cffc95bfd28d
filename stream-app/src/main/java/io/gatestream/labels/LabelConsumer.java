package io.gatestream.labels;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.ClientFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Sets up the consumer under a {@link LabelReader}: settings, partitions, ends and start. */
final class LabelConsumer {
  private LabelConsumer() {}

  static Consumer<byte[], byte[]> create(KafkaAccess access) {
    Map<String, Object> config = access.consumer();
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    try {
      return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw new ConfigException("cannot use the Kafka client settings: " + ClientFault.of(e), e);
    }
  }

  /**
   * Assigns all partitions, seeks to {@code from} and returns the last stable offsets.
   *
   * @throws ConfigException the topic does not exist
   * @throws TopicUnavailableException it may not be read, or no broker answered in time
   */
  static Map<TopicPartition, Long> start(
      Consumer<byte[], byte[]> consumer, String topic, StartPoint from, KafkaAccess access) {
    Duration timeout = access.timeout();
    try {
      @Nullable List<PartitionInfo> found = consumer.partitionsFor(topic, timeout);
      if (found == null || found.isEmpty()) {
        throw new ConfigException(
            "topic '%s' does not exist on %s: name the one that is meant"
                .formatted(topic, access.bootstrapServers()));
      }
      Set<TopicPartition> partitions =
          found.stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .collect(Collectors.toUnmodifiableSet());
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = Map.copyOf(consumer.endOffsets(partitions, timeout));
      starts(consumer, from, ends, timeout).forEach(consumer::seek);
      return ends;
    } catch (TimeoutException e) {
      throw new TopicUnavailableException(
          "no answer from %s within %d s while asking for topic '%s': is the broker running, and reachable from here?"
              .formatted(access.bootstrapServers(), timeout.toSeconds(), topic),
          e);
    } catch (InvalidTopicException e) {
      throw new ConfigException(
          "'%s' is no name of a topic: use letters, digits, '.', '_' and '-' only".formatted(topic),
          e);
    } catch (KafkaException e) {
      throw new TopicUnavailableException(
          "cannot read topic '%s': %s".formatted(topic, ClientFault.of(e)), e);
    }
  }

  private static Map<TopicPartition, Long> starts(
      Consumer<byte[], byte[]> consumer,
      StartPoint from,
      Map<TopicPartition, Long> ends,
      Duration timeout) {
    if (from instanceof StartPoint.End) {
      return ends;
    }
    if (from instanceof StartPoint.Time time) {
      long millis = time.time().toEpochMilli();
      Map<TopicPartition, @Nullable OffsetAndTimestamp> found =
          consumer.offsetsForTimes(
              ends.keySet().stream()
                  .collect(Collectors.toMap(Function.identity(), partition -> millis)),
              timeout);
      return ends.entrySet().stream()
          .collect(
              Collectors.toMap(
                  Map.Entry::getKey,
                  end -> {
                    OffsetAndTimestamp start = found.get(end.getKey());
                    return start == null ? end.getValue() : start.offset();
                  }));
    }
    return consumer.beginningOffsets(ends.keySet(), timeout);
  }

  /** Closes the consumer of a reader that did not come to be. */
  static void closeAfter(Consumer<byte[], byte[]> consumer, RuntimeException failure) {
    try {
      consumer.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}

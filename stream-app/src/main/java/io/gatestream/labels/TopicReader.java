package io.gatestream.labels;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.GrouplessConsumer;
import io.gatestream.kafka.TopicLookup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of a topic, all partitions, without a consumer group.
 *
 * <p>One thread polls. {@link #stop} and {@link #close} may be called from any thread, also while
 * the first one polls: the poll then ends early. Partitions added after the opening are not seen.
 */
final class TopicReader implements AutoCloseable {
  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private final KafkaAccess access;
  private final String topic;
  private final Duration timeout;
  private final long notBeforeMillis;
  private volatile boolean stopped;
  private boolean caughtUp;

  private TopicReader(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      KafkaAccess access,
      String topic,
      StartPoint from) {
    this.consumer = consumer;
    this.ends = ends;
    this.access = access;
    this.topic = topic;
    this.timeout = access.timeout();
    this.notBeforeMillis =
        from instanceof StartPoint.Time time ? time.time().toEpochMilli() : Long.MIN_VALUE;
  }

  /**
   * Finds the topic's partitions, captures their ends and goes to the start.
   *
   * @throws ConfigException the topic does not exist, or the client settings cannot be used
   * @throws OutageException it may not be read, or no broker answered in time
   */
  static TopicReader open(KafkaAccess access, String topic, StartPoint from) {
    return open(GrouplessConsumer.open(access, Map.of()), access, topic, from);
  }

  /** As the other, on a consumer that is closed with this. */
  static TopicReader open(
      Consumer<byte[], byte[]> consumer, KafkaAccess access, String topic, StartPoint from) {
    try {
      return new TopicReader(consumer, start(consumer, topic, from, access), access, topic, from);
    } catch (RuntimeException e) {
      try {
        consumer.close();
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /**
   * Assigns all partitions, seeks to {@code from} and returns the last stable offsets.
   *
   * @throws ConfigException the topic does not exist
   * @throws OutageException it may not be read, or no broker answered in time
   */
  static Map<TopicPartition, Long> start(
      Consumer<byte[], byte[]> consumer, String topic, StartPoint from, KafkaAccess access) {
    Duration timeout = access.timeout();
    try {
      List<PartitionInfo> found = TopicLookup.partitions(consumer, topic, access);
      Set<TopicPartition> partitions =
          found.stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .collect(Collectors.toUnmodifiableSet());
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = Map.copyOf(consumer.endOffsets(partitions, timeout));
      starts(consumer, from, ends, timeout).forEach(consumer::seek);
      return ends;
    } catch (TimeoutException e) {
      throw ClientFault.noAnswer(access, e);
    } catch (AuthorizationException e) {
      throw TopicLookup.mayNotRead(access, topic, e);
    } catch (KafkaException e) {
      throw new OutageException(
          "cannot read topic '%s': %s".formatted(topic, ClientFault.of(e)), e);
    }
  }

  /** The offsets at which the reading starts. */
  static Map<TopicPartition, Long> starts(
      Consumer<byte[], byte[]> consumer,
      StartPoint from,
      Map<TopicPartition, Long> ends,
      Duration timeout) {
    if (from instanceof StartPoint.End) {
      return ends;
    }
    if (from instanceof StartPoint.Time time) {
      return startsAt(consumer, time.time(), ends, timeout);
    }
    if (from instanceof StartPoint.Recent recent) {
      Map<TopicPartition, Long> starts =
          new HashMap<>(startsAt(consumer, recent.since(), ends, timeout));
      Map<TopicPartition, Long> oldest = consumer.beginningOffsets(ends.keySet(), timeout);
      ends.forEach(
          (partition, end) ->
              starts.merge(
                  partition,
                  Math.max(oldest.getOrDefault(partition, 0L), end - recent.least()),
                  Math::min));
      return starts;
    }
    return consumer.beginningOffsets(ends.keySet(), timeout);
  }

  private static Map<TopicPartition, Long> startsAt(
      Consumer<byte[], byte[]> consumer,
      Instant time,
      Map<TopicPartition, Long> ends,
      Duration timeout) {
    long millis = time.toEpochMilli();
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

  /**
   * Waits at most {@code wait} for records, in the order of each partition; none when the time is
   * over or the reader was stopped, and none from before the start.
   *
   * @throws OutageException the topic may not be read
   */
  synchronized List<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (stopped) {
      return records;
    }
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
        if (record.timestamp() >= notBeforeMillis) {
          records.add(record);
        }
      }
    } catch (WakeupException e) {
      if (!stopped) {
        throw e;
      }
    } catch (AuthorizationException e) { // it may be seen and not read
      throw TopicLookup.mayNotRead(access, topic, e);
    }
    return records;
  }

  /**
   * Whether everything that was committed at the opening has been read. Compares positions, since
   * transaction markers at the end of a partition are never returned.
   */
  synchronized boolean caughtUp() {
    if (!caughtUp && !stopped) {
      caughtUp =
          ends.entrySet().stream()
              .allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
    }
    return caughtUp;
  }

  /**
   * Partitions that are read from the oldest record that is left, others before it being gone: by
   * retention, compaction or deletion. To be called before the first poll.
   */
  synchronized Set<Integer> cutPartitions() {
    Map<TopicPartition, Long> oldest = consumer.beginningOffsets(ends.keySet(), timeout);
    return oldest.entrySet().stream()
        .filter(first -> first.getValue() > 0)
        .filter(first -> consumer.position(first.getKey(), timeout) <= first.getValue())
        .map(first -> first.getKey().partition())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether what lies there had been committed at the opening. */
  boolean beforeEnd(int partition, long offset) {
    return ends.entrySet().stream()
        .anyMatch(end -> end.getKey().partition() == partition && offset < end.getValue());
  }

  /** Ends a poll in progress and all later ones, without waiting: for signal handlers. */
  void stop() {
    stopped = true;
    consumer.wakeup();
  }

  /** Whether {@link #stop} or {@link #close} has been called. */
  boolean stopped() {
    return stopped;
  }

  @Override
  public void close() {
    stop();
    closeConsumer();
  }

  private synchronized void closeConsumer() {
    consumer.close();
  }
}

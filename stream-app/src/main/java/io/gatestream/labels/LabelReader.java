package io.gatestream.labels;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.FrameDecodeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads the committed labels of a topic, all partitions, without a consumer group.
 *
 * <p>One thread polls. {@link #close} may be called from any thread, also while the first one
 * polls: the poll then ends early. Partitions added after the opening are not seen.
 */
public final class LabelReader implements AutoCloseable {
  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private final Duration timeout;
  private final Optional<StartPoint.Time> notBefore;
  private final LabelDecoder decoder;
  private final Consumer<String> complaints;
  private volatile boolean closed;
  private final ForeignRecords foreign;
  private boolean caughtUp;

  private LabelReader(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      String topic,
      Duration timeout,
      StartPoint from,
      LabelDecoder decoder,
      Consumer<String> complaints) {
    this.consumer = consumer;
    this.ends = ends;
    this.foreign = new ForeignRecords(topic);
    this.timeout = timeout;
    this.notBefore = from instanceof StartPoint.Time time ? Optional.of(time) : Optional.empty();
    this.decoder = decoder;
    this.complaints = complaints;
  }

  /**
   * Finds the topic's partitions, captures their ends and goes to the start.
   *
   * @param complaints takes one line for each record that is no label
   * @throws TopicUnavailableException the topic may not be read, or no broker answered within
   *     {@code access.timeout()}
   * @throws io.gatestream.errors.ConfigException the topic does not exist, or the client settings
   *     cannot be used
   */
  public static LabelReader open(
      KafkaAccess access,
      String topic,
      StartPoint from,
      LabelDecoder decoder,
      Consumer<String> complaints) {
    return open(LabelConsumer.create(access), topic, access, from, decoder, complaints);
  }

  /** As the public one, on a consumer that the reader closes. */
  static LabelReader open(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      String topic,
      KafkaAccess access,
      StartPoint from,
      LabelDecoder decoder,
      Consumer<String> complaints) {
    try {
      Map<TopicPartition, Long> ends = LabelConsumer.start(consumer, topic, from, access);
      return new LabelReader(consumer, ends, topic, access.timeout(), from, decoder, complaints);
    } catch (RuntimeException e) {
      LabelConsumer.closeAfter(consumer, e);
      throw e;
    }
  }

  /**
   * Waits at most {@code wait} for labels and returns them in the order of each partition; none
   * when the time is over or the reader was closed.
   */
  public synchronized List<ReadLabel> poll(Duration wait) {
    if (closed) {
      return List.of();
    }
    List<ReadLabel> labels = new ArrayList<>();
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
        read(record).ifPresent(labels::add);
      }
    } catch (WakeupException e) {
      if (!closed) {
        throw e;
      }
    }
    return labels;
  }

  private Optional<ReadLabel> read(ConsumerRecord<byte[], byte[]> record) {
    if (notBefore.isPresent() && record.timestamp() < notBefore.get().time().toEpochMilli()) {
      return Optional.empty();
    }
    byte[] value = record.value();
    if (value == null) {
      complain(record, "a record without a value");
      return Optional.empty();
    }
    try {
      ReadLabel label = new ReadLabel(record, decoder.decode(value));
      foreign.addLabel();
      return Optional.of(label);
    } catch (FrameDecodeException e) {
      complain(record, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void complain(ConsumerRecord<byte[], byte[]> record, String what) {
    foreign.add(record);
    complaints.accept(
        "%s-%d@%d: %s".formatted(record.topic(), record.partition(), record.offset(), what));
  }

  /**
   * Whether everything that was committed when the reader was opened has been read. Compares
   * positions, since transaction markers at the end of a partition are never returned.
   */
  public synchronized boolean caughtUp() {
    if (!caughtUp && !closed) {
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
  public synchronized Set<Integer> cutPartitions() {
    Map<TopicPartition, Long> oldest = consumer.beginningOffsets(ends.keySet(), timeout);
    return oldest.entrySet().stream()
        .filter(first -> first.getValue() > 0)
        .filter(first -> consumer.position(first.getKey(), timeout) <= first.getValue())
        .map(first -> first.getKey().partition())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a label had been committed when the reader was opened. */
  public boolean beforeEnd(ReadLabel label) {
    return ends.entrySet().stream()
        .anyMatch(
            end ->
                end.getKey().partition() == label.partition() && label.offset() < end.getValue());
  }

  /** Records that were no labels, so far. */
  public long unparsable() {
    return foreign.count();
  }

  /** The same with what they seem to be. */
  public ForeignRecords foreign() {
    return foreign;
  }

  /** Ends a poll in progress and all later ones, without waiting: for signal handlers. */
  public void stop() {
    closed = true;
    consumer.wakeup();
  }

  /** Whether {@link #stop} or {@link #close} has been called. */
  public boolean closed() {
    return closed;
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

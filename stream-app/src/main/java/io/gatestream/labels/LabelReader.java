package io.gatestream.labels;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.FrameDecodeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the committed labels of a topic, all partitions, without a consumer group.
 *
 * <p>One thread polls. {@link #close} may be called from any thread, also while the first one
 * polls: the poll then ends early. Partitions added after the opening are not seen.
 */
public final class LabelReader implements CommittedSource<ReadLabel>, AutoCloseable {
  private final TopicReader records;
  private final LabelDecoder decoder;
  private final Consumer<String> complaints;
  private final ForeignRecords foreign;

  private LabelReader(
      TopicReader records, String topic, LabelDecoder decoder, Consumer<String> complaints) {
    this.records = records;
    this.foreign = new ForeignRecords(topic, "labels");
    this.decoder = decoder;
    this.complaints = complaints;
  }

  /**
   * Finds the topic's partitions, captures their ends and goes to the start.
   *
   * @param complaints takes one line for each record that is no label
   * @throws io.gatestream.errors.OutageException the topic may not be read, or no broker answered
   *     within {@code access.timeout()}
   * @throws io.gatestream.errors.ConfigException the topic does not exist, or the client settings
   *     cannot be used
   */
  public static LabelReader open(
      KafkaAccess access,
      String topic,
      StartPoint from,
      LabelDecoder decoder,
      Consumer<String> complaints) {
    return new LabelReader(TopicReader.open(access, topic, from), topic, decoder, complaints);
  }

  /** As the public one, on a consumer that the reader closes. */
  static LabelReader open(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      String topic,
      KafkaAccess access,
      StartPoint from,
      LabelDecoder decoder,
      Consumer<String> complaints) {
    return new LabelReader(
        TopicReader.open(consumer, access, topic, from), topic, decoder, complaints);
  }

  /**
   * Waits at most {@code wait} for labels and returns them in the order of each partition; none
   * when the time is over or the reader was closed.
   */
  @Override
  public List<ReadLabel> poll(Duration wait) {
    return records.poll(wait).stream().flatMap(record -> read(record).stream()).toList();
  }

  private Optional<ReadLabel> read(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null) {
      complain(record, "a record without a value");
      return Optional.empty();
    }
    try {
      ReadLabel label = new ReadLabel(record, decoder.decode(value));
      foreign.addOwn();
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

  /** Whether everything that was committed when the reader was opened has been read. */
  @Override
  public boolean caughtUp() {
    return records.caughtUp();
  }

  /**
   * Partitions that are read from the oldest record that is left, others before it being gone: by
   * retention, compaction or deletion. To be called before the first poll.
   */
  public Set<Integer> cutPartitions() {
    return records.cutPartitions();
  }

  /** Whether a label had been committed when the reader was opened. */
  @Override
  public boolean beforeEnd(ReadLabel label) {
    return records.beforeEnd(label.partition(), label.offset());
  }

  /** Records that were no labels, so far. */
  public long unparsable() {
    return foreign.count();
  }

  /** The same with what they seem to be. */
  @Override
  public ForeignRecords foreign() {
    return foreign;
  }

  /** Ends a poll in progress and all later ones, without waiting: for signal handlers. */
  public void stop() {
    records.stop();
  }

  /** Whether {@link #stop} or {@link #close} has been called. */
  @Override
  public boolean stopped() {
    return records.stopped();
  }

  @Override
  public void close() {
    records.close();
  }
}

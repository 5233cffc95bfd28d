package io.gatestream.labels;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.EventCodec;
import io.gatestream.frame.FrameDecodeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the committed events of a topic, all partitions, without a consumer group. One thread
 * polls; {@link #stop} may be called from any.
 */
public final class EventReader implements CommittedSource<ReadEvent>, AutoCloseable {
  private final TopicReader records;
  private final EventCodec codec = new EventCodec();
  private final ForeignRecords foreign;

  private EventReader(TopicReader records, String topic) {
    this.records = records;
    this.foreign = new ForeignRecords(topic, "events");
  }

  /**
   * Finds the topic's partitions, captures their ends and goes to the start.
   *
   * @throws io.gatestream.errors.OutageException the topic may not be read, or no broker answered
   *     in time
   * @throws io.gatestream.errors.ConfigException the topic does not exist, or the client settings
   *     cannot be used
   */
  public static EventReader open(KafkaAccess access, String topic, StartPoint from) {
    return new EventReader(TopicReader.open(access, topic, from), topic);
  }

  /** Waits at most {@code wait}; gives nothing when the time is over or this was stopped. */
  @Override
  public List<ReadEvent> poll(Duration wait) {
    return records.poll(wait).stream().flatMap(record -> read(record).stream()).toList();
  }

  private Optional<ReadEvent> read(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value != null) {
      try {
        ReadEvent event = new ReadEvent(record.partition(), record.offset(), codec.decode(value));
        foreign.addOwn();
        return Optional.of(event);
      } catch (FrameDecodeException e) {
        // counted below
      }
    }
    foreign.add(record);
    return Optional.empty();
  }

  /** The records that were no events, so far. */
  @Override
  public ForeignRecords foreign() {
    return foreign;
  }

  /** Whether all that was committed at the opening has been read, or this was stopped. */
  @Override
  public boolean caughtUp() {
    return records.caughtUp() || records.stopped();
  }

  /** Whether an event had been committed at the opening. */
  @Override
  public boolean beforeEnd(ReadEvent event) {
    return records.beforeEnd(event.partition(), event.offset());
  }

  /** Ends a poll in progress and all later ones, without waiting: for signal handlers. */
  public void stop() {
    records.stop();
  }

  /** Whether {@link #stop} has been called. */
  @Override
  public boolean stopped() {
    return records.stopped();
  }

  @Override
  public void close() {
    records.close();
  }
}

package io.gatestream.labels;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the committed records of a topic, all partitions, without a consumer group; those of
 * another kind are counted and left out. One thread polls; {@link #stop} may be called from any.
 */
public abstract class CommittedReader<T> implements CommittedSource<T>, AutoCloseable {
  private final TopicReader records;
  private final ForeignRecords foreign;

  /** Takes the reader over, and closes it. */
  CommittedReader(TopicReader records, ForeignRecords foreign) {
    this.records = records;
    this.foreign = foreign;
  }

  /** What a record says; empty where it is of another kind. */
  abstract Optional<T> read(ConsumerRecord<byte[], byte[]> record);

  /** Waits at most {@code wait}; gives nothing when the time is over or this was stopped. */
  @Override
  public final List<T> poll(Duration wait) {
    return records.poll(wait).stream().flatMap(record -> counted(record).stream()).toList();
  }

  private Optional<T> counted(ConsumerRecord<byte[], byte[]> record) {
    Optional<T> read = read(record);
    if (read.isPresent()) {
      foreign.addOwn();
    } else {
      foreign.add(record);
    }
    return read;
  }

  /** Whether what lies there had been committed at the opening. */
  final boolean beforeEnd(int partition, long offset) {
    return records.beforeEnd(partition, offset);
  }

  /** The records that were something else, so far. */
  @Override
  public final ForeignRecords foreign() {
    return foreign;
  }

  /** Whether all that was committed at the opening has been read, or this was stopped. */
  @Override
  public final boolean caughtUp() {
    return records.caughtUp() || records.stopped();
  }

  /** Ends a poll in progress and all later ones, without waiting: for signal handlers. */
  public final void stop() {
    records.stop();
  }

  /** Whether {@link #stop} has been called. */
  @Override
  public final boolean stopped() {
    return records.stopped();
  }

  @Override
  public final void close() {
    records.close();
  }
}

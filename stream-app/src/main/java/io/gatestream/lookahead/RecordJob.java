package io.gatestream.lookahead;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One polled record to be encoded ahead. Whoever claims it first runs it: a worker, or the stream
 * thread that needs it now. A dropped job counts as claimed and lets go of its record.
 */
final class RecordJob implements Comparable<RecordJob> {
  private final long timestamp;
  private final long arrival;
  private final long offset;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final CompletableFuture<EncodedRecord> result = new CompletableFuture<>();
  private volatile @Nullable PolledRecord record;

  /**
   * Creates a job.
   *
   * @param timestamp the record's, milliseconds: Kafka Streams processes the partitions' heads in
   *     this order
   * @param arrival order of arrival, for equal timestamps
   */
  RecordJob(long timestamp, long arrival, PolledRecord record) {
    this.timestamp = timestamp;
    this.arrival = arrival;
    this.offset = record.offset();
    this.record = record;
  }

  long offset() {
    return offset;
  }

  /** The record; null once dropped. */
  @Nullable PolledRecord record() {
    return record;
  }

  /** Whether it is not dropped and its value is this very array. */
  boolean isOf(byte[] value) {
    PolledRecord held = record;
    return held != null && held.value() == value;
  }

  CompletableFuture<EncodedRecord> result() {
    return result;
  }

  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  void drop() {
    claimed.set(true);
    record = null;
  }

  @Override
  public int compareTo(RecordJob other) {
    int byTime = Long.compare(timestamp, other.timestamp);
    return byTime != 0 ? byTime : Long.compare(arrival, other.arrival);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}

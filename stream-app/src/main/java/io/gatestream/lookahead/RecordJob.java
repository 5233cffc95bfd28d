package io.gatestream.lookahead;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.Frame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One polled record to be encoded ahead. Whoever claims it first runs it: a worker, or the stream
 * thread that needs it now. A dropped job counts as claimed and lets go of its record.
 */
final class RecordJob implements Comparable<RecordJob>, UpcomingRecord {
  private static final Bytes NO_KEY = Bytes.wrap(new byte[0]);

  private final long timestamp;
  private final long arrival;
  private final TopicPartition partition;
  private final long offset;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final CompletableFuture<EncodedRecord> result = new CompletableFuture<>();
  private final StepNotes notes = new StepNotes();
  private final Bytes key;
  private volatile @Nullable PolledRecord record;

  /** Whether its stream thread had to wait for it; only that thread asks. */
  private boolean waitedFor;

  /**
   * Creates a job.
   *
   * @param timestamp the record's, milliseconds: Kafka Streams processes the partitions' heads in
   *     this order
   * @param arrival order of arrival, for equal timestamps
   * @param key the record's; null where it has none
   */
  RecordJob(long timestamp, long arrival, byte @Nullable [] key, PolledRecord record) {
    this.timestamp = timestamp;
    this.arrival = arrival;
    this.key = key == null ? NO_KEY : Bytes.wrap(key);
    this.partition = record.partition();
    this.offset = record.offset();
    this.record = record;
  }

  @Override
  public TopicPartition partition() {
    return partition;
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public Bytes key() {
    return key;
  }

  boolean hasKey() {
    return key.get().length > 0;
  }

  @Override
  public boolean isReady() {
    return result.isDone();
  }

  @Override
  public boolean isPicture() {
    PolledRecord held = record;
    return held == null || held.isPicture();
  }

  boolean wasWaitedFor() {
    return waitedFor;
  }

  @Override
  public void await(long nanos) {
    waitedFor = true;
    RecordEncoding.awaitEnd(result, nanos);
  }

  @Override
  public StepNotes notes() {
    return notes;
  }

  @Override
  public StepNotes.@Nullable Note takeStep(int picture) {
    return notes.take(picture);
  }

  @Override
  public Frame frame() throws FrameDecodeException {
    return held().frame();
  }

  /**
   * What was encoded ahead.
   *
   * @throws NotAheadException it is not ready, its work ahead failed, or pictures are wanted that
   *     nobody expected to be wanted
   */
  @Override
  public EncodedRecord pictures(PictureFilter wanted) throws FrameDecodeException {
    if (!isReady()) {
      throw new NotAheadException("not encoded yet");
    }
    EncodedRecord ahead;
    try {
      ahead = RecordEncoding.await(result);
    } catch (RecordEncoding.FailedException e) {
      throw new NotAheadException("failed");
    }
    if (!ahead.missing(wanted).isEmpty()) {
      throw new NotAheadException("not expected to be wanted");
    }
    return ahead;
  }

  private PolledRecord held() {
    PolledRecord held = record;
    if (held == null) {
      throw new IllegalStateException("passed or purged");
    }
    return held;
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
    notes.clear();
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

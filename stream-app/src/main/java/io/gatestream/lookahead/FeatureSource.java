package io.gatestream.lookahead;

import java.util.Iterator;
import org.apache.kafka.common.TopicPartition;

/** The read role of the lookahead: what the processor asks, on its stream thread. */
public interface FeatureSource {
  /**
   * The record at an offset. Everything of the partition before it is forgotten.
   *
   * @param value the record's value: work done ahead counts only if it was done from this very
   *     array
   */
  FrameRecord record(TopicPartition partition, long offset, byte[] value);

  /**
   * The calling thread's records that are not passed yet, of all its partitions in turns and of
   * each in order of offset, at most so many. Those that were not expected to be labelled, or that
   * have no key, are missing.
   */
  Iterator<UpcomingRecord> upcoming(int most);

  /**
   * Waits until a record of the calling thread is ready, where workers are there for it and for so
   * long at most.
   *
   * @return whether it is ready
   */
  boolean awaitReady(UpcomingRecord record, long nanos);

  /** Forgets the calling thread's entries of a partition up to and including an offset. */
  void passed(TopicPartition partition, long offset);

  /** Forgets the calling thread's entries of a partition. */
  void purge(TopicPartition partition);
}

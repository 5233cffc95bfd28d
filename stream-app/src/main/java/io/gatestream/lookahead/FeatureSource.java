package io.gatestream.lookahead;

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

  /** Forgets the calling thread's entries of a partition up to and including an offset. */
  void passed(TopicPartition partition, long offset);

  /** Forgets the calling thread's entries of a partition. */
  void purge(TopicPartition partition);
}

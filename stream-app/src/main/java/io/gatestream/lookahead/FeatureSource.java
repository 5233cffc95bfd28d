package io.gatestream.lookahead;

import io.gatestream.frame.FrameDecodeException;
import org.apache.kafka.common.TopicPartition;

/** The read role of the lookahead: what the processor asks, on its stream thread. */
public interface FeatureSource {
  /**
   * The pictures of the record at an offset: finished ahead, waited for, or made here and now. The
   * answer is the same in each case, but for the choice of pictures that have features.
   *
   * <p>Everything of the partition up to this offset is forgotten.
   *
   * @param value the record's value: work done ahead counts only if it was done from this very
   *     array
   * @param filter the pictures wanted, asked only if the work is done here
   * @throws FrameDecodeException the record is bad
   */
  EncodedRecord take(TopicPartition partition, long offset, byte[] value, PictureFilter filter)
      throws FrameDecodeException;

  /** Decodes and encodes a record here and now. */
  EncodedRecord encode(TopicPartition partition, long offset, byte[] value, PictureFilter filter)
      throws FrameDecodeException;

  /** Forgets the calling thread's entries of a partition up to and including an offset. */
  void passed(TopicPartition partition, long offset);

  /** Forgets the calling thread's entries of a partition. */
  void purge(TopicPartition partition);
}

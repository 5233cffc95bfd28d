package io.gatestream.lookahead;

import io.gatestream.frame.FrameDecodeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;

/**
 * A record that was polled and is not passed yet, as far as it has been worked on ahead. Used by
 * the stream thread in whose window it lies.
 */
public interface UpcomingRecord extends FrameRecord {
  TopicPartition partition();

  long offset();

  /** The record's key: its stream. */
  Bytes key();

  /** Whether all its work ahead is done, well or not; only then are its pictures asked for. */
  boolean isReady();

  /** Whether it is a single picture, which is soon ready once a worker is at it. */
  boolean isPicture();

  /** Waits until it is ready, for so long at most. */
  void await(long nanos);

  /**
   * As far as they were encoded ahead.
   *
   * @throws NotAheadException there is more to be done for them
   * @throws FrameDecodeException the record is bad
   */
  @Override
  EncodedRecord pictures(PictureFilter wanted) throws FrameDecodeException;

  /** Where steps for its pictures are noted. */
  StepNotes notes();
}

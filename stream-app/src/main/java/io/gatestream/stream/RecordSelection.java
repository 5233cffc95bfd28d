package io.gatestream.stream;

import org.jspecify.annotations.Nullable;

/**
 * Says which records of the frames topic an application uses. A pure function of the record and its
 * position: asked ahead by the lookahead and again by the processor, in any order, from any thread.
 */
@FunctionalInterface
public interface RecordSelection {
  /** Every record is labelled: what {@code run} does. */
  RecordSelection ALL = (partition, offset, timestamp, key) -> RecordUse.LABELLED;

  /**
   * The use of one record.
   *
   * @param timestamp the record's, which is the capture time, in milliseconds; 0 where negative
   * @param key the stream id, null where the record has none; only to be read
   */
  RecordUse of(int partition, long offset, long timestamp, byte @Nullable [] key);
}

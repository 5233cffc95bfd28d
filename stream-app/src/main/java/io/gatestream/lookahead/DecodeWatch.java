package io.gatestream.lookahead;

import io.gatestream.frame.FrameDecodeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Told of each record whose decoding begins and ends, by the thread that decodes it. Any number of
 * threads call it at once.
 */
public interface DecodeWatch {
  /** Watches nothing and lets everything pass. */
  DecodeWatch NONE =
      new DecodeWatch() {
        @Override
        public int enter(TopicPartition partition, long offset, byte[] value) {
          return 0;
        }

        @Override
        public void leave(int ticket) {}
      };

  /**
   * A record is decoded from now on.
   *
   * @return what to {@link #leave} with, in every case
   * @throws FrameDecodeException the record must not be decoded; then there is nothing to leave
   */
  int enter(TopicPartition partition, long offset, byte[] value) throws FrameDecodeException;

  /** The decoding has ended, well or by an exception. */
  void leave(int ticket);
}

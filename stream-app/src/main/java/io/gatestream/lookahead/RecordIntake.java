package io.gatestream.lookahead;

import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * The write role of the lookahead: what a consumer's interceptor tells it, on the polling thread.
 */
public interface RecordIntake {
  /** Queues references to the polled records; never blocks. */
  void offer(ConsumerRecords<byte[], byte[]> polled);

  /** The calling thread's consumer closes: all its entries are dropped. */
  void leave();
}

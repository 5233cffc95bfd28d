package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.time.Instant;
import java.util.function.Consumer;

/** Where frames go. Thread-safe: every source's thread sends to one sink. */
public interface FrameSink {
  /**
   * The session of a stream that begins now.
   *
   * @param now by this machine's clock
   * @param warnings takes one line where the clock cannot be right
   */
  default Instant session(String streamId, Instant now, Consumer<String> warnings) {
    return now;
  }

  /**
   * Hands a frame over; it may wait while the way out is full.
   *
   * @throws DeliveryException an earlier frame of this stream, or all frames, could not be
   *     delivered
   */
  void send(Frame frame) throws DeliveryException;

  /** Hears, on any thread, whether a frame arrived. */
  @FunctionalInterface
  interface Receipt {
    void arrived(boolean delivered);
  }

  /**
   * As {@link #send(Frame)}; tells what became of the frame before {@link #flush} returns. A sink
   * that keeps what it is given delivers at once.
   */
  default void send(Frame frame, Receipt receipt) throws DeliveryException {
    send(frame);
    receipt.arrived(true);
  }

  /**
   * Waits until all frames of all streams are delivered or given up.
   *
   * @throws DeliveryException a frame of {@code streamId} could not be delivered
   */
  void flush(String streamId) throws DeliveryException;
}

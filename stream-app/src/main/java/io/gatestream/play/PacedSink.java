package io.gatestream.play;

import io.gatestream.ingest.DeliveryException;
import io.gatestream.ingest.FrameSink;
import io.gatestream.schema.Frame;
import java.util.function.BooleanSupplier;

/**
 * Sends records as fast as the application labels them and no faster, and counts each just before
 * it is sent.
 *
 * @param stopped whether nothing is to be waited for any more
 */
record PacedSink(
    FrameSink sink, FrameAccount account, VideoWatcher watcher, BooleanSupplier stopped)
    implements FrameSink {
  /** Frames that may be under way, for each stream. */
  private static final long UNDER_WAY = 24L;

  /** Skipped and rejected frames show in later labels only, so it does not wait for ever. */
  private static final long MOST_WAIT_MILLIS = 250;

  @Override
  public void send(Frame frame) throws DeliveryException {
    admit(frame);
    sink.send(frame);
  }

  @Override
  public void send(Frame frame, Receipt receipt) throws DeliveryException {
    admit(frame);
    sink.send(frame, receipt);
  }

  private void admit(Frame frame) {
    long until = System.currentTimeMillis() + MOST_WAIT_MILLIS;
    while (!stopped.getAsBoolean()
        && account.open() > UNDER_WAY * account.streams()
        && System.currentTimeMillis() < until) {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    account.sent(frame.getStreamId(), frame.getFrameCount());
    watcher.sent(frame.getStreamId(), frame.getSequence(), System.nanoTime());
  }

  @Override
  public void flush(String streamId) throws DeliveryException {
    sink.flush(streamId);
  }
}

package io.gatestream.bench;

import io.gatestream.errors.OutageException;
import io.gatestream.ingest.DeliveryException;
import io.gatestream.ingest.KafkaFrameSink;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Sends frames when they are due, on a thread of its own, until it is closed. */
final class PacedSender implements AutoCloseable {
  private final KafkaFrameSink sink;
  private final Cameras cameras;
  private final PacedClock clock;
  private final long first;
  private final Thread thread = new Thread(this::send, "bench-sender");
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private volatile long limit = Long.MAX_VALUE;

  /**
   * Begins to send.
   *
   * @param sink closed with this
   * @param first the frame that is due at the clock's start; those before it are in the topic
   */
  PacedSender(KafkaFrameSink sink, Cameras cameras, PacedClock clock, long first) {
    this.sink = sink;
    this.cameras = cameras;
    this.clock = clock;
    this.first = first;
    thread.setDaemon(true);
    thread.start();
  }

  private void send() {
    try {
      for (long n = 0; n < limit; n++) {
        long wait = clock.dueNanos(n) - System.nanoTime();
        while (wait > 0 && n < limit) {
          LockSupport.parkNanos(wait);
          wait = clock.dueNanos(n) - System.nanoTime();
        }
        sink.send(cameras.frame(first + n, clock.dueMicros(n)));
        sent.incrementAndGet();
      }
    } catch (DeliveryException | RuntimeException e) {
      failure.set(e);
    }
  }

  /**
   * How many it has sent.
   *
   * @throws OutageException sending has failed
   */
  long sent() {
    Exception thrown = failure.get();
    if (thrown != null) {
      throw new OutageException("sending failed: " + thrown.getMessage(), thrown);
    }
    return sent.get();
  }

  /** Sends no frame from the {@code n}-th on, counted from the clock's start. */
  void endBefore(long n) {
    limit = n;
    LockSupport.unpark(thread);
  }

  @Override
  public void close() {
    endBefore(0);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sink.close();
  }
}

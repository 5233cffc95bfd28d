package io.gatestream.ingest;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a stream back until a frame's time has come. One a stream, for one thread. */
interface Pacer {
  /**
   * Waits.
   *
   * @param micros the frame's time since the stream's start
   * @param stop counted down where the run is to end: no more waiting then
   */
  void await(long micros, CountDownLatch stop) throws InterruptedException;

  /** Full speed: never waits. */
  static Pacer fullSpeed() {
    return (micros, stop) -> {};
  }

  /** Real time, counted from the first frame. */
  static Pacer realTime() {
    return new Pacer() {
      private long origin = Long.MIN_VALUE;

      @Override
      public void await(long micros, CountDownLatch stop) throws InterruptedException {
        long now = System.nanoTime() / 1_000;
        if (origin == Long.MIN_VALUE) {
          origin = now - micros;
        }
        stop.await(origin + micros - now, TimeUnit.MICROSECONDS);
      }
    };
  }
}

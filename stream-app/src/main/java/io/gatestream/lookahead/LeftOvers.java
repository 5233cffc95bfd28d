package io.gatestream.lookahead;

import java.util.concurrent.Semaphore;

/**
 * One thread that encodes the pictures which a stream thread leaves to others. It takes no pixel
 * slot and waits for no record, so it is there even while every worker waits for a slot and every
 * other stream thread for a result: a picture that is ready never lies there for ever.
 */
final class LeftOvers implements AutoCloseable {
  private final Semaphore called = new Semaphore(0);
  private final Runnable drain;
  private final Thread thread;

  /** Starts the thread; {@code drain} is run on it after each {@link #call}. */
  LeftOvers(Runnable drain) {
    this.drain = drain;
    this.thread = new Thread(this::work, "gatestream-lookahead-left-over");
    thread.setDaemon(true);
    thread.start();
  }

  /** Has the thread look at what is ready; never blocks. */
  void call() {
    called.release();
  }

  private void work() {
    try {
      while (true) {
        called.acquire();
        called.drainPermits();
        drain.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Ends the thread after the batch that it is at. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

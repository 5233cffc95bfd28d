package io.gatestream.stream;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** How an application ends: by itself, with a failure or without, or told to. Thread-safe. */
final class RunEnd {
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Ends it by a failure; the first one counts. */
  void fail(Throwable thrown) {
    failure.compareAndSet(null, thrown);
    stop();
  }

  void stop() {
    ended.countDown();
  }

  void await() throws InterruptedException {
    ended.await();
  }

  /** Why it ended by itself. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }
}

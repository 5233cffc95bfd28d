package io.gatestream.ingest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits between two attempts to connect; each is twice the last, up to 30 s. For one thread. */
final class Backoff {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Duration first;
  private Duration next;

  Backoff(Duration first) {
    this.first = first;
    this.next = first;
  }

  /** An attempt went well: the next wait is the first one again. */
  void reset() {
    next = first;
  }

  /** How long {@link #await} will wait. */
  Duration next() {
    return next;
  }

  /** Waits; true where the run was stopped meanwhile. */
  boolean await(CountDownLatch stop) throws InterruptedException {
    Duration wait = next;
    Duration twice = wait.multipliedBy(2);
    next = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    return stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }
}

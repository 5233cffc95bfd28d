package io.gatestream.ingest;

import java.time.Duration;

/**
 * How long a camera that was reached may be without its first frame: one that never gives any is to
 * be seen. Asked by several threads.
 */
final class FirstFrame {
  private final long limitNanos;
  private volatile long begunNanos = Long.MIN_VALUE;

  /** Zero for ever. */
  FirstFrame(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  /** The time begins with the first connection. */
  void connected() {
    begunNanos = System.nanoTime();
  }

  boolean overdue() {
    return limitNanos > 0
        && begunNanos != Long.MIN_VALUE
        && System.nanoTime() - begunNanos > limitNanos;
  }
}

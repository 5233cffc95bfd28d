package io.gatestream.bench;

import io.gatestream.frame.Micros;
import java.time.Instant;

/** When each frame of a steady sender is due. Two threads read it. */
final class PacedClock {
  private final double fps;
  private volatile long startNanos;
  private volatile long startMicros;

  PacedClock(double fps) {
    this.fps = fps;
    restart();
  }

  void restart() {
    startMicros = Micros.of(Instant.now());
    startNanos = System.nanoTime();
  }

  /** Microseconds since the epoch. */
  long startMicros() {
    return startMicros;
  }

  long dueNanos(long n) {
    return startNanos + Math.round(n / fps * 1e9);
  }

  long dueMicros(long n) {
    return startMicros + Math.round(n / fps * 1e6);
  }

  /** The first frame that is due at a time or later. */
  long firstDue(long micros) {
    long n = (long) ((micros - startMicros) * fps / 1e6) - 1;
    while (dueMicros(n) < micros) {
      n++;
    }
    return n;
  }

  long nowMicros() {
    return startMicros + (System.nanoTime() - startNanos) / 1_000;
  }
}

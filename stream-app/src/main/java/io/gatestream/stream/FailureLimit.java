package io.gatestream.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts failures by position: a passing fault is retried by a new thread, the same position
 * failing again and again stops the application. Thread-safe.
 */
final class FailureLimit {
  static final int MAX_FAILURES = 5;
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final Map<String, Failures> byPosition = new HashMap<>();

  FailureLimit(InstantSource clock) {
    this.clock = clock;
  }

  private record Failures(int count, long lastMillis) {}

  /** Counts a failure and says whether it is the last one allowed at this position. */
  synchronized boolean isReached(String position) {
    long now = clock.millis();
    byPosition.values().removeIf(old -> now - old.lastMillis > FORGET_AFTER.toMillis());
    Failures failures =
        byPosition.merge(
            position, new Failures(1, now), (old, one) -> new Failures(old.count + 1, now));
    return failures.count >= MAX_FAILURES;
  }
}

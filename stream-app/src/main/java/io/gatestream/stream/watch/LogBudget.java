package io.gatestream.stream.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Lets some lines a minute into the log; of those beyond it says how many there were. Thread-safe.
 */
final class LogBudget {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final int lines;
  private final InstantSource clock;
  private final Consumer<String> log;
  private Instant begun = Instant.MIN;
  private int written;
  private long left;

  LogBudget(int lines, InstantSource clock, Consumer<String> log) {
    this.lines = lines;
    this.clock = clock;
    this.log = log;
  }

  synchronized void write(String line) {
    tick();
    if (written < lines) {
      written++;
      log.accept(line);
    } else {
      left++;
    }
  }

  /** Says what was left out, once the minute is over. */
  synchronized void tick() {
    Instant now = clock.instant();
    if (begun.equals(Instant.MIN) || Duration.between(begun, now).compareTo(PERIOD) >= 0) {
      if (left > 0) {
        log.accept("%d more lines like these were left out: see /trouble".formatted(left));
      }
      begun = now;
      written = 0;
      left = 0;
    }
  }
}

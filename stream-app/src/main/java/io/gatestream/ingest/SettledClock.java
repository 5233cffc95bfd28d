package io.gatestream.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Waits until the machine's clock goes as time does: a host that has just started may set it by
 * years, and a session taken before that is a wrong one for good. For one thread.
 */
public final class SettledClock {
  /** What a clock that is slewed may gain or lose between two looks. */
  private static final long STEP_NANOS = 100_000_000;

  private static final Duration BETWEEN = Duration.ofMillis(500);
  private static final int MOST_LOOKS = 20;

  /** Before this was written no frame was captured by a right clock. */
  private static final Instant OLDEST = Instant.parse("2026-01-01T00:00:00Z");

  /** Waits. */
  interface Sleep {
    void sleep(Duration time) throws InterruptedException;
  }

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Sleep sleep;
  private long offset;

  SettledClock(InstantSource clock, LongSupplier nanos, Sleep sleep) {
    this.clock = clock;
    this.nanos = nanos;
    this.sleep = sleep;
    this.offset = offset();
  }

  /** Looks at the clock for the first time. */
  public static SettledClock start(InstantSource clock) {
    return new SettledClock(clock, System::nanoTime, time -> Thread.sleep(time.toMillis()));
  }

  /**
   * Returns once the clock has not been set since the last look, at the latest after 10 s.
   *
   * @param warnings takes one line where it was set, or says what cannot be
   */
  public void await(Consumer<String> warnings) throws InterruptedException {
    boolean said = false;
    for (int look = 0; look < MOST_LOOKS && isSet(); look++) {
      if (!said) {
        warnings.accept("this machine's clock was set just now: waiting until it stays");
        said = true;
      }
      sleep.sleep(BETWEEN);
    }
    Instant now = clock.instant();
    if (now.isBefore(OLDEST)) {
      warnings.accept(
          "this machine's clock says %s, which cannot be: frames get wrong capture times, and brokers may delete them at once. Set the clock"
              .formatted(now));
    }
  }

  private boolean isSet() {
    long before = offset;
    offset = offset();
    return Math.abs(offset - before) > STEP_NANOS;
  }

  /** The clock's time minus the time that has gone by, in nanoseconds. */
  private long offset() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano() - nanos.getAsLong();
  }
}

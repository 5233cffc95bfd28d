package io.gatestream.ingest;

import java.time.InstantSource;

/**
 * Capture times since the epoch from times since a live source's first frame.
 *
 * <p>The machine's clock is looked at, not followed blindly. Set forward a little, capture times
 * are stretched after it; set forward far, and still so ten seconds later, they jump once. Set
 * back, they go on as before, for they may not go back. For one thread.
 */
final class CaptureTimes {
  static final long UNNOTICED = 500_000;
  static final long MOST_STRETCHED = 10_000_000;
  static final long SETTLED_AFTER = 10_000_000;

  private static final double STRETCH = 0.05;

  private final InstantSource wall;
  private final LiveClock clock;
  private final ClockTally tally;
  private boolean begun;
  private long base;
  private double followed;
  private long lastMicros;
  private long last;
  private long stepSeen;
  private long stepSince;

  CaptureTimes(InstantSource wall, LiveClock clock, ClockTally tally) {
    this.wall = wall;
    this.clock = clock;
    this.tally = tally;
  }

  /** The capture time of a frame, above that of the one before. */
  long of(long micros) {
    long now = clock.now();
    long offset = FrameStamper.micros(wall.instant()) - now;
    if (!begun) {
      begun = true;
      base = offset;
      last = Long.MIN_VALUE;
      lastMicros = micros;
    }
    follow(offset - base, now, Math.max(0, micros - lastMicros));
    lastMicros = micros;
    last = Math.max(last + 1, base + clock.originMicros() + micros + Math.round(followed));
    return last;
  }

  private void follow(long step, long now, long spacing) {
    if (Math.abs(step - stepSeen) > UNNOTICED) {
      tally.clockStep(
          (step - stepSeen) / 1e6,
          step - followed < -UNNOTICED
              ? "capture times go on as before, ahead of it"
              : step - followed > MOST_STRETCHED
                  ? "capture times jump after it once it has kept for 10 s"
                  : "capture times follow without a gap");
      stepSeen = step;
      stepSince = now;
    }
    double behind = step - followed;
    if (behind > MOST_STRETCHED) {
      if (now - stepSince >= SETTLED_AFTER) {
        followed = step;
      }
    } else if (stepSeen != 0 && behind > 0) {
      followed += Math.min(behind, STRETCH * spacing);
    }
    tally.ahead(behind < -UNNOTICED ? Math.round(-behind) : 0);
  }
}

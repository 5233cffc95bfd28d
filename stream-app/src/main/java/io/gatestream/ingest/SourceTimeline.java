package io.gatestream.ingest;

/**
 * Times of a file made to run forward. For one thread.
 *
 * <p>The rule: a time goes by the container as long as it is later than the one before. One that
 * equals it, or is less than an interval earlier, comes a microsecond after it. One that is earlier
 * still goes on one interval after it, and so does all that follows: recordings were joined. A step
 * of more than two seconds, either way, is looked at together with the next time: where that one
 * goes on from before the step, the time between them was wild, and only it is put in line. A step
 * forward that lasts stays as it is, for there is something missing.
 */
final class SourceTimeline {
  static final long STEP_MICROS = 2_000_000;

  private static final long NONE = Long.MIN_VALUE;

  private final long interval;
  private final Damage damage;
  private long shift;
  private long last = NONE;

  /**
   * Begins.
   *
   * @param interval from one time to the next, on average, in microseconds
   */
  SourceTimeline(long interval, Damage damage) {
    this.interval = Math.max(1, interval);
    this.damage = damage;
  }

  /** Whether {@link #place} wants to know the time after this one. */
  boolean asksForNext(long micros) {
    return last == NONE || !goesOn(micros);
  }

  /**
   * The place of a time.
   *
   * @param next the time after it, or itself where there is none
   * @return later than the one before
   */
  long place(long micros, long next) {
    if (last == NONE) {
      last = next < micros ? Math.max(0, next - interval) : micros;
    } else if (goesOn(micros)) {
      last = micros + shift;
    } else if (micros + shift <= last && micros + shift > last - interval) {
      last++; // two pictures of one time: those behind keep theirs
    } else if (next != micros && goesOn(next) && wild(micros, next)) {
      damage.wildTime();
      last = Math.min(last + interval, next + shift - 1);
    } else if (micros + shift > last) {
      last = micros + shift;
    } else {
      damage.joined(last);
      shift = last + interval - micros;
      last += interval;
    }
    return last;
  }

  private boolean wild(long micros, long next) {
    return (micros >= next || micros + shift <= last) && next + shift - last > 1;
  }

  private boolean goesOn(long micros) {
    long step = micros + shift - last;
    return step > 0 && step <= Math.max(STEP_MICROS, 3 * interval);
  }
}

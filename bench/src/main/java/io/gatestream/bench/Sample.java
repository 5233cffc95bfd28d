package io.gatestream.bench;

/**
 * What had been done at one moment, since the start of whatever is counted.
 *
 * @param nanos of {@link System#nanoTime}
 * @param labelled frames
 * @param encoded frames, those of the lookahead included
 */
record Sample(long nanos, long labelled, long encoded) {
  /** Frames that are encoded and not labelled yet. */
  long ahead() {
    return encoded - labelled;
  }

  double secondsSince(Sample other) {
    return (nanos - other.nanos) / 1e9;
  }
}

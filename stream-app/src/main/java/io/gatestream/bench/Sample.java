package io.gatestream.bench;

/**
 * What had been done at one moment, since the start of whatever is counted.
 *
 * @param nanos of {@link System#nanoTime}
 * @param labelled frames
 * @param encoded frames, those of the lookahead included
 * @param usage of processor time and heap so far
 */
record Sample(long nanos, long labelled, long encoded, Usage usage) {
  /** Frames that are encoded and not labelled yet. */
  long ahead() {
    return encoded - labelled;
  }
}

package io.gatestream.evaluate.score;

/**
 * A stretch of time in which one class is true or predicted, in microseconds of source time.
 *
 * @param label class index
 * @param start inclusive
 * @param end exclusive
 * @param firstFrame index of its first frame
 * @param lastFrame index of its last frame
 */
record Segment(int label, long start, long end, int firstFrame, int lastFrame) {
  /** Microseconds common to both; negative where a gap lies between them. */
  long intersection(Segment other) {
    return Math.min(end, other.end) - Math.max(start, other.start);
  }

  /** Microseconds from the earlier start to the later end. */
  long hull(Segment other) {
    return Math.max(end, other.end) - Math.min(start, other.start);
  }

  boolean overlaps(Segment other) {
    return intersection(other) > 0;
  }
}

package io.gatestream.evaluate.truth;

/**
 * A stretch of one label, in microseconds since the source's start.
 *
 * @param start inclusive
 * @param end exclusive
 * @param changed when the truth last changed: {@code start}, or the start of an earlier interval of
 *     the same label that this one continues. The first interval of a stream counts as a change,
 *     since the model starts from nothing there.
 */
public record Interval(String stream, long start, long end, String label, long changed) {
  public Interval {
    if (start < 0 || end <= start || changed > start) {
      throw new IllegalArgumentException(
          "interval %d..%d, changed at %d".formatted(start, end, changed));
    }
  }

  /** Whether {@code previous} is of the same label and ends where this one starts. */
  boolean continues(Interval previous) {
    return previous.end == start && previous.label.equals(label);
  }

  /** This interval as part of the stretch that {@code previous} began. */
  Interval since(Interval previous) {
    return new Interval(stream, start, end, label, previous.changed);
  }
}

package io.gatestream.evaluate.score;

import java.util.Map;
import java.util.Objects;

/**
 * How good the events of a rule are, over all streams. Ratios are 0 to 1, and NaN where nothing is
 * to be divided by. docs/evaluation.md has the formulas.
 *
 * @param events that begin within what is scored
 * @param stretches true ones, without background
 * @param byOverlap by intersection over union in percent
 * @param byStart by the seconds that a start may be off
 * @param startDelaySeconds from the start of a true stretch to the frame that START is written for
 * @param falseAlarmsPerHour events that overlap no true stretch of their class
 * @param furtherEventsPerHour flicker: events beyond the first of a true stretch
 */
public record EventMetrics(
    long events,
    long stretches,
    Map<Integer, Found> byOverlap,
    Map<Double, Found> byStart,
    Metrics.DetectionDelay startDelaySeconds,
    double falseAlarmsPerHour,
    double furtherEventsPerHour) {

  /** Those at an overlap in percent. */
  public Found overlap(int percent) {
    return Objects.requireNonNull(byOverlap.get(percent), "overlap");
  }

  /** Those whose start is off by so many seconds at most. */
  public Found start(double seconds) {
    return Objects.requireNonNull(byStart.get(seconds), "start");
  }

  /** One to one matches: of the events, of the true stretches, and both. */
  public record Found(double precision, double recall, double f1) {
    static Found of(long hits, long events, long stretches) {
      return new Found(
          Numbers.ratio(hits, events),
          Numbers.ratio(hits, stretches),
          Numbers.ratio(2.0 * hits, (double) events + stretches));
    }
  }
}

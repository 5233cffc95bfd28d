package io.gatestream.model;

import java.time.Duration;

/**
 * When a class is on. Its score is smoothed by {@code s += (1 - exp(-dt / smoothing)) * (score -
 * s)}, the exponential filter, by capture time and not by frames; at a reset {@code s} is the
 * frame's own score. Times are microseconds.
 *
 * @param label index of the class
 * @param name of the class
 * @param smoothing the filter's time constant; 0 smooths nothing
 * @param enter an event rises while the smoothed score is at least this
 * @param enterTime for which it must be so
 * @param exit an event falls while the smoothed score is below this; at most {@code enter}
 * @param exitTime for which it must be so
 * @param least an event that lasts no longer than this is never announced
 * @param merge an event that begins again within this time after it fell goes on
 */
public record EventRule(
    int label,
    String name,
    long smoothing,
    double enter,
    long enterTime,
    double exit,
    long exitTime,
    long least,
    long merge) {
  /** Nobody waits longer for an event to begin or to end. */
  static final long LONGEST = Duration.ofDays(1).toMillis() * 1_000;

  /** The same rule for another class. */
  public EventRule of(int otherLabel, String otherName) {
    return new EventRule(
        otherLabel, otherName, smoothing, enter, enterTime, exit, exitTime, least, merge);
  }
}

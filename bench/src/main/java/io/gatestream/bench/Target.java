package io.gatestream.bench;

/**
 * A figure that is held to a limit.
 *
 * @param limit that the median must reach, or not exceed
 * @param atLeast which of the two
 */
public record Target(String what, Figure figure, double limit, boolean atLeast) {
  static Target atLeast(String what, Figure figure, double limit) {
    return new Target(what, figure, limit, true);
  }

  static Target atMost(String what, Figure figure, double limit) {
    return new Target(what, figure, limit, false);
  }

  public boolean isMet() {
    return atLeast ? figure.median() >= limit : figure.median() <= limit;
  }
}

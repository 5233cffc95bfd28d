package io.gatestream.evaluate.score;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What the run that made the labels knows and the labels do not tell. NaN stands for unknown.
 * Immutable.
 *
 * @param framesSent frames sent to the frames topic
 * @param rejectedReasons rejected frames by reason
 * @param delayMedianSeconds from sending a frame to its committed label
 * @param labelsPerSecond labels over wall time
 */
public record RunFacts(
    OptionalLong framesSent,
    Map<String, Long> rejectedReasons,
    double delayMedianSeconds,
    double delayP95Seconds,
    double labelsPerSecond) {
  /** Of labels that were only read. */
  public static final RunFacts NONE =
      new RunFacts(OptionalLong.empty(), Map.of(), Double.NaN, Double.NaN, Double.NaN);

  public RunFacts {
    rejectedReasons = Map.copyOf(rejectedReasons);
  }
}

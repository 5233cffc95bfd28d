package io.gatestream.evaluate.score;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The metrics that two evaluations are compared by, under the keys of metrics.json. */
final class MetricValues {
  private static final Set<String> LOWER_IS_BETTER =
      Set.of(
          "calibrationError",
          "detectionDelaySeconds.median",
          "detectionDelaySeconds.p90",
          "detectionDelaySeconds.undetected",
          "falseAlarmsPerHour",
          "labelChangesPerMinute");

  private MetricValues() {}

  /** The values over {@code evaluation}'s streams, each as often as its weight says. */
  static Map<String, Double> of(Evaluation evaluation, int[] weights) {
    Scoreboard board = evaluation.board();
    Map<String, Double> values = new LinkedHashMap<>();
    FrameTally frames = board.frames(weights);
    values.put("frameAccuracy", frames.accuracy());
    values.put("balancedAccuracy", frames.balancedAccuracy());
    board.topK(frames).forEach((k, value) -> values.put("topK." + k, value));
    values.put("macroF1", frames.macroF1());
    RankedScores.Average mean = evaluation.scores().mean(weights);
    values.put("mAP", mean.precision());
    values.put("mcAP", mean.calibrated());
    values.put("calibrationError", board.calibrationError(weights));
    for (int i = 0; i < SegmentMatch.OVERLAPS.length; i++) {
      values.put("segmentF1." + SegmentMatch.OVERLAPS[i], board.segmentF1(i, weights));
    }
    values.put("editScore", board.edit(weights));
    double[] starts = board.startAverages(weights);
    for (int offset = 1; offset <= starts.length; offset++) {
      values.put("startAP." + offset, starts[offset - 1]);
    }
    double[] delays = board.delays(weights);
    values.put("detectionDelaySeconds.median", Numbers.percentile(delays, 50));
    values.put("detectionDelaySeconds.p90", Numbers.percentile(delays, 90));
    values.put("detectionDelaySeconds.undetected", (double) board.undetected(weights));
    values.put("falseAlarmsPerHour", board.falseAlarmsPerHour(weights));
    values.put("labelChangesPerMinute", board.labelChangesPerMinute(weights));
    return values;
  }

  static boolean higherIsBetter(String name) {
    return !LOWER_IS_BETTER.contains(name);
  }
}

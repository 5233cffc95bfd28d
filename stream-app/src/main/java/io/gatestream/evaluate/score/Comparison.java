package io.gatestream.evaluate.score;

import java.util.List;

/**
 * Two evaluations against one truth, side by side, over the streams that both scored. Immutable.
 *
 * @param streams names of the streams compared
 * @param onlyInA streams that only the first scored; in no value here
 * @param onlyInB streams that only the second scored; in no value here
 * @param seed of the resampling
 * @param metrics in the order of metrics.json, nested keys joined by dots
 * @param differences stretches of frames for which other labels are predicted, by stream and time
 * @param unpairedFrames scored frames without one of the same source time in the other
 */
public record Comparison(
    List<String> streams,
    List<String> onlyInA,
    List<String> onlyInB,
    long seed,
    int resamples,
    List<MetricPair> metrics,
    List<Difference> differences,
    long unpairedFrames) {
  /**
   * One metric of both, its difference b - a, and the 95 % bootstrap interval of that: streams are
   * drawn with replacement, the same for both; percentiles 2.5 and 97.5. The bounds are NaN with
   * fewer than two streams, or where the metric is defined in no resample.
   *
   * @param higherIsBetter whether a positive difference speaks for b
   */
  public record MetricPair(
      String name,
      double a,
      double b,
      double difference,
      double low,
      double high,
      boolean higherIsBetter) {
    /** Whether the interval excludes zero. */
    public boolean clear() {
      return low > 0 || high < 0;
    }
  }

  /** Frames in a row with the same truth, and the same two predictions that differ. */
  public record Difference(
      String stream,
      double startSeconds,
      double endSeconds,
      List<String> truth,
      List<String> a,
      List<String> b,
      long frames) {}
}

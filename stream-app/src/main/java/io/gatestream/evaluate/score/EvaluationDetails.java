package io.gatestream.evaluate.score;

import java.util.List;
import java.util.Map;

/**
 * What a report shows beside the metrics. Immutable.
 *
 * @param curves precision-recall points of each class but the background that is true of a frame,
 *     in the order of the bundle, best score first; empty where scores were cut off
 * @param reliability all bins of the calibration error; empty where it is not defined
 * @param timelines by stream
 * @param mistakes wrong stretches, the most confident first
 */
public record EvaluationDetails(
    Map<String, List<CurvePoint>> curves,
    List<ReliabilityBin> reliability,
    List<Timeline> timelines,
    List<Mistake> mistakes) {

  /** Points of a curve: more cannot be told apart in a picture. */
  private static final int CURVE_POINTS = 200;

  static EvaluationDetails of(
      List<AlignedStream> streams, Scoreboard board, ClassScores scores, int mistakes) {
    return new EvaluationDetails(
        scores.curves(CURVE_POINTS),
        board.reliabilityBins(),
        streams.stream().map(Timeline::of).toList(),
        Mistakes.worst(streams, mistakes));
  }

  /**
   * What was true and what was predicted in one stream. Stretches are by start; in a multi-label
   * model they may overlap. The background has none.
   *
   * @param stream the stream's id, with {@code #2} for its second session and so on
   * @param endSeconds source time at which the last frame ends
   */
  public record Timeline(
      String stream,
      double startSeconds,
      double endSeconds,
      List<Stretch> truth,
      List<Stretch> predicted) {
    static Timeline of(AlignedStream stream) {
      int count = stream.frameCount();
      return new Timeline(
          stream.stream().name(),
          count == 0 ? 0 : stream.frame(0).sourceTime() / 1e6,
          count == 0 ? 0 : stream.end(count - 1) / 1e6,
          stretches(stream, stream.trueStretches()),
          stretches(stream, stream.predictedSegments()));
    }

    private static List<Stretch> stretches(AlignedStream stream, List<Segment> segments) {
      List<String> labels = stream.classes().labels();
      return segments.stream()
          .map(one -> new Stretch(labels.get(one.label()), one.start() / 1e6, one.end() / 1e6))
          .toList();
    }
  }

  /** Seconds of source time in which {@code label} holds, from start to before end. */
  public record Stretch(String label, double startSeconds, double endSeconds) {}
}

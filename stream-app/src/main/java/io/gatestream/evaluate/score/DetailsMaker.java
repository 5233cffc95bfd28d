package io.gatestream.evaluate.score;

import io.gatestream.evaluate.score.EvaluationDetails.Stretch;
import io.gatestream.evaluate.score.EvaluationDetails.Timeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers {@link EvaluationDetails}. One thread. */
final class DetailsMaker {
  /** Points of a curve: more cannot be told apart in a picture. */
  private static final int CURVE_POINTS = 200;

  private final Evaluation evaluation;
  private final Classes classes;

  DetailsMaker(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.classes = evaluation.classes();
  }

  EvaluationDetails make(int mistakes) {
    return new EvaluationDetails(
        curves(),
        reliability(),
        evaluation.streams().stream().map(this::timeline).toList(),
        Mistakes.worst(evaluation.streams(), mistakes));
  }

  private Map<String, List<CurvePoint>> curves() {
    Map<String, List<CurvePoint>> curves = new LinkedHashMap<>();
    for (int label : classes.foreground()) {
      List<CurvePoint> curve = evaluation.scores().curve(label, CURVE_POINTS);
      if (!curve.isEmpty()) {
        curves.put(classes.labels().get(label), curve);
      }
    }
    return curves;
  }

  private List<ReliabilityBin> reliability() {
    Scoreboard board = evaluation.board();
    int[] weights = Numbers.ones(board.size());
    return Double.isNaN(board.calibrationError(weights))
        ? List.of()
        : board.calibration(weights).bins();
  }

  private Timeline timeline(AlignedStream stream) {
    int count = stream.frameCount();
    return new Timeline(
        stream.stream().name(),
        count == 0 ? 0 : stream.frame(0).sourceTime() / 1e6,
        count == 0 ? 0 : stream.end(count - 1) / 1e6,
        stretches(stream.trueStretches()),
        stretches(stream.predictedSegments()));
  }

  private List<Stretch> stretches(List<Segment> segments) {
    return segments.stream()
        .map(
            segment ->
                new Stretch(
                    classes.labels().get(segment.label()),
                    segment.start() / 1e6,
                    segment.end() / 1e6))
        .toList();
  }
}

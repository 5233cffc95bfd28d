package io.gatestream.evaluate.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Average precision, plain and calibrated, of each class but the background. Immutable. */
final class ClassScores {
  private final Classes classes;
  private final Map<Integer, RankedScores> ranked;

  private ClassScores(Classes classes, Map<Integer, RankedScores> ranked) {
    this.classes = classes;
    this.ranked = ranked;
  }

  /** The scores of all streams, ranked; nothing if some were cut off. */
  static ClassScores of(Classes classes, List<AlignedStream> streams, boolean truncated) {
    if (truncated) {
      return new ClassScores(classes, Map.of());
    }
    return new ClassScores(
        classes,
        IntStream.of(classes.foreground())
            .boxed()
            .collect(Collectors.toMap(label -> label, label -> RankedScores.of(label, streams))));
  }

  /** NaN for the background, an absent class and truncated scores. */
  RankedScores.Average average(int label, int[] weights) {
    RankedScores scores = ranked.get(label);
    return scores == null
        ? new RankedScores.Average(Double.NaN, Double.NaN)
        : scores.average(weights);
  }

  /** The means over the classes that are true of a frame. */
  RankedScores.Average mean(int[] weights) {
    List<RankedScores.Average> averages =
        ranked.keySet().stream().sorted().map(label -> average(label, weights)).toList();
    return new RankedScores.Average(
        Numbers.mean(averages.stream().mapToDouble(RankedScores.Average::precision)),
        Numbers.mean(averages.stream().mapToDouble(RankedScores.Average::calibrated)));
  }

  /** The precision-recall curves of all classes but the background that are true of a frame. */
  Map<String, List<CurvePoint>> curves(int limit) {
    Map<String, List<CurvePoint>> curves = new LinkedHashMap<>();
    for (int label : classes.foreground()) {
      RankedScores scores = ranked.get(label);
      List<CurvePoint> curve = scores == null ? List.of() : scores.curve(limit);
      if (!curve.isEmpty()) {
        curves.put(classes.labels().get(label), curve);
      }
    }
    return curves;
  }
}

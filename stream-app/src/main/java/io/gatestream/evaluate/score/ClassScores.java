package io.gatestream.evaluate.score;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Average precision, plain and calibrated, of each class but the background. Immutable. */
final class ClassScores {
  private final Map<Integer, RankedScores> ranked;

  private ClassScores(Map<Integer, RankedScores> ranked) {
    this.ranked = ranked;
  }

  /** The scores of all streams, ranked; nothing if some were cut off. */
  static ClassScores of(Classes classes, List<AlignedStream> streams, boolean truncated) {
    if (truncated) {
      return new ClassScores(Map.of());
    }
    return new ClassScores(
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

  /** The precision-recall curve; empty for the background and for truncated scores. */
  List<CurvePoint> curve(int label, int limit) {
    RankedScores scores = ranked.get(label);
    return scores == null ? List.of() : scores.curve(limit);
  }
}

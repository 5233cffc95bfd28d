package io.gatestream.evaluate;

import io.gatestream.evaluate.score.Comparison;
import io.gatestream.text.Figures;
import io.gatestream.text.TableCell;
import io.gatestream.text.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Two evaluations side by side as text for a terminal. */
final class ComparisonTable {
  private static final int MOST_DIFFERENCES = 20;
  private static final String[] HEADER = {"", "A", "B", "B - A", "95 % interval", ""};
  private static final String[] DIFFERENCE_HEADER = {
    "stream", "from s", "to s", "truth", "A", "B", "frames"
  };

  private ComparisonTable() {}

  static String of(Comparison comparison) {
    List<String> parts = new ArrayList<>();
    List<String[]> rows = new ArrayList<>();
    comparison.metrics().forEach(pair -> rows.add(row(pair)));
    parts.add(Figures.table(HEADER, rows));
    parts.add(
        "%d streams; intervals by %d resamples of streams, seed %d%s"
            .formatted(
                comparison.streams().size(),
                comparison.resamples(),
                comparison.seed(),
                comparison.streams().size() < 2 ? ": none, two streams are needed" : ""));
    onlyIn(parts, "A", comparison.onlyInA());
    onlyIn(parts, "B", comparison.onlyInB());
    if (comparison.unpairedFrames() > 0) {
      parts.add("%d frames are in one only".formatted(comparison.unpairedFrames()));
    }
    parts.add(differences(comparison.differences()));
    return String.join("\n", parts);
  }

  private static String[] row(Comparison.MetricPair pair) {
    String interval =
        Double.isNaN(pair.low())
            ? "-"
            : "%s .. %s".formatted(number(pair.low()), number(pair.high()));
    String verdict = pair.clear() ? (pair.low() > 0) == pair.higherIsBetter() ? "B" : "A" : "";
    return new String[] {
      pair.name(), number(pair.a()), number(pair.b()), number(pair.difference()), interval, verdict
    };
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static void onlyIn(List<String> parts, String side, List<String> streams) {
    if (!streams.isEmpty()) {
      parts.add(
          "only in %s, not compared: %s"
              .formatted(side, Terminal.printable(String.join(", ", streams))));
    }
  }

  private static String differences(List<Comparison.Difference> differences) {
    if (differences.isEmpty()) {
      return "the predicted labels do not differ";
    }
    List<String[]> rows = new ArrayList<>();
    for (Comparison.Difference one :
        differences.subList(0, Math.min(MOST_DIFFERENCES, differences.size()))) {
      rows.add(
          new String[] {
            TableCell.of(one.stream()),
            Figures.number(one.startSeconds()),
            Figures.number(one.endSeconds()),
            labels(one.truth()),
            labels(one.a()),
            labels(one.b()),
            Long.toString(one.frames())
          });
    }
    String more =
        differences.size() > rows.size()
            ? "\nand %d stretches more".formatted(differences.size() - rows.size())
            : "";
    return Figures.table(DIFFERENCE_HEADER, rows) + more;
  }

  private static String labels(List<String> labels) {
    return labels.isEmpty() ? "-" : TableCell.of(String.join(", ", labels));
  }
}

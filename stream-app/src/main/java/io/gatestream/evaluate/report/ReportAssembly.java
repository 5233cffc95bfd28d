package io.gatestream.evaluate.report;

import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.Comparison;
import io.gatestream.evaluate.score.EvaluationDetails;
import io.gatestream.evaluate.score.Metrics;
import io.gatestream.evaluate.score.Mistake;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.text.Figures;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the page's data of one evaluation, or of two that are compared. Used by one thread. */
public final class ReportAssembly {
  private static final int MISTAKES = 24;

  private final Truth truth;
  private final List<ReportInput> runs;
  private final List<String> labels;

  /**
   * Prepares a report.
   *
   * @param runs one, or two
   */
  public ReportAssembly(Truth truth, List<ReportInput> runs) {
    this.truth = truth;
    this.runs = List.copyOf(runs);
    this.labels = labels(truth, runs);
  }

  /** The classes of all runs, and after them what only the truth knows. */
  private static List<String> labels(Truth truth, List<ReportInput> runs) {
    Set<String> labels = new LinkedHashSet<>();
    runs.forEach(run -> labels.addAll(run.evaluation().classes().labels()));
    truth.streams().stream()
        .sorted()
        .flatMap(stream -> truth.intervals(stream).stream())
        .forEach(interval -> labels.add(interval.label()));
    return List.copyOf(labels);
  }

  /**
   * Makes it.
   *
   * @param comparison of the two runs
   */
  public ReportData make(String title, List<Fact> facts, Optional<Comparison> comparison) {
    Classes classes = runs.get(0).evaluation().classes();
    List<EvaluationDetails> details =
        runs.stream().map(run -> run.evaluation().details(MISTAKES)).toList();
    List<ReportRun> made = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      made.add(run(runs.get(i), details.get(i)));
    }
    return new ReportData(
        title,
        facts,
        labels,
        classes.background().orElse(null),
        runs.stream().anyMatch(run -> run.evaluation().classes().multiLabel()),
        notes(),
        made,
        new Timelines(truth, labels, runs).make(details),
        comparison.map(this::comparison).orElse(null));
  }

  private List<String> notes() {
    if (runs.size() == 1) {
      return runs.get(0).evaluation().metrics().notes();
    }
    Set<String> notes = new LinkedHashSet<>();
    for (ReportInput run : runs) {
      run.evaluation()
          .metrics()
          .notes()
          .forEach(note -> notes.add("%s: %s".formatted(run.name(), note)));
    }
    return List.copyOf(notes);
  }

  private ReportRun run(ReportInput input, EvaluationDetails details) {
    Metrics metrics = input.evaluation().metrics();
    List<String> names = input.evaluation().classes().labels();
    return new ReportRun(
        input.name(),
        input.facts(),
        Stream.concat(MetricsTables.of(metrics).stream(), input.more().stream()).toList(),
        metrics.confusionMatrix().isEmpty()
            ? null
            : new ReportRun.Confusion(names, names, metrics.confusionMatrix()),
        curves(metrics, details),
        reliability(metrics, details),
        details.mistakes().stream().map(mistake -> mistake(mistake, input)).toList(),
        input.account());
  }

  private List<ReportRun.PrecisionRecall> curves(Metrics metrics, EvaluationDetails details) {
    List<ReportRun.PrecisionRecall> curves = new ArrayList<>();
    for (Metrics.ClassMetrics one : metrics.classes()) {
      var points = details.curves().getOrDefault(one.label(), List.of());
      if (!points.isEmpty() && !Double.isNaN(one.averagePrecision())) {
        curves.add(
            new ReportRun.PrecisionRecall(
                labels.indexOf(one.label()),
                one.averagePrecision(),
                points.stream().map(point -> rounded(point.recall())).toList(),
                points.stream().map(point -> rounded(point.precision())).toList()));
      }
    }
    return curves;
  }

  /** Four digits are more than a picture shows, and keep the page small. */
  private static double rounded(double share) {
    return Math.round(share * 1e4) / 1e4;
  }

  private static ReportRun.@Nullable Reliability reliability(
      Metrics metrics, EvaluationDetails details) {
    if (details.reliability().isEmpty()) {
      return null;
    }
    return new ReportRun.Reliability(
        metrics.calibrationError(),
        details.reliability().stream()
            .map(
                bin ->
                    new ReportRun.Bin(
                        bin.from(),
                        bin.to(),
                        bin.decisions(),
                        bin.decisions() == 0 ? 0 : bin.confidence(),
                        bin.decisions() == 0 ? 0 : bin.accuracy()))
            .toList());
  }

  private static ReportRun.Mistake mistake(Mistake mistake, ReportInput input) {
    return new ReportRun.Mistake(
        mistake.stream(),
        mistake.seconds(),
        mistake.truth(),
        mistake.predicted(),
        mistake.confidence(),
        String.format(
            Locale.ROOT,
            "wrong for %d frames, %.2f s",
            mistake.frames(),
            mistake.endSeconds() - mistake.startSeconds()),
        input
            .pictures()
            .apply(mistake)
            .map(jpeg -> "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg))
            .orElse(null));
  }

  private ReportComparison comparison(Comparison comparison) {
    List<List<String>> stretches =
        comparison.differences().stream()
            .map(
                one ->
                    List.of(
                        one.stream(),
                        Figures.number(one.startSeconds()),
                        Figures.number(one.endSeconds()),
                        String.join(", ", one.truth()),
                        String.join(", ", one.a()),
                        String.join(", ", one.b()),
                        Long.toString(one.frames())))
            .toList();
    return new ReportComparison(
        runs.get(0).name(),
        runs.get(1).name(),
        "%d streams; 95 %% intervals of the difference by %d resamples of streams, seed %d.%s"
            .formatted(
                comparison.streams().size(),
                comparison.resamples(),
                comparison.seed(),
                comparison.streams().size() < 2 ? " One stream gives no interval." : ""),
        comparison.metrics().stream().map(ReportAssembly::row).toList(),
        new ReportTable(
            "Where they differ",
            "%d stretches in which other labels are predicted; seconds of source time."
                .formatted(stretches.size()),
            List.of("stream", "from", "to", "truth", "a", "b", "frames"),
            List.of(3, 4, 5),
            stretches));
  }

  private static ReportComparison.Row row(Comparison.MetricPair pair) {
    return new ReportComparison.Row(
        pair.name(),
        known(pair.a()),
        known(pair.b()),
        known(pair.difference()),
        known(pair.low()),
        known(pair.high()),
        !pair.name().matches(".*(Seconds|Per[A-Z]).*"));
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }
}

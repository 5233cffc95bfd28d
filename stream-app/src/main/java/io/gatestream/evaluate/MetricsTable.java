package io.gatestream.evaluate;

import io.gatestream.evaluate.report.MetricsTables;
import io.gatestream.evaluate.score.Account;
import io.gatestream.evaluate.score.Metrics;
import io.gatestream.text.Figures;
import io.gatestream.text.TableCell;
import io.gatestream.text.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The metrics of one evaluation as text for a terminal, 100 columns at most. */
final class MetricsTable {
  private static final String[] CLASS_HEADER = {
    "class", "frames", "precision", "recall", "F1", "AP", "cAP", "start AP @1 s", "@10 s"
  };
  private static final String[] STREAM_HEADER = {
    "stream", "frames", "accuracy", "F1@50", "edit", "delay s", "missed", "false alarms"
  };

  private MetricsTable() {}

  /** All of it: by class, by stream, in all, the account and the notes. */
  static String of(Metrics metrics) {
    List<String> parts = new ArrayList<>();
    parts.add(classes(metrics));
    parts.add(streams(metrics));
    parts.add(totals(metrics));
    parts.add(account(metrics.account()));
    metrics.notes().forEach(note -> parts.add("note: " + Terminal.printable(note)));
    return String.join("\n", parts);
  }

  private static String classes(Metrics metrics) {
    List<String[]> rows = new ArrayList<>();
    for (Metrics.ClassMetrics one : metrics.classes()) {
      rows.add(
          new String[] {
            TableCell.of(one.label()) + (one.background() ? " (background)" : ""),
            Long.toString(one.support()),
            Figures.percent(one.precision()),
            Figures.percent(one.recall()),
            Figures.percent(one.f1()),
            Figures.percent(one.averagePrecision()),
            Figures.percent(one.calibratedAveragePrecision()),
            at(one.startAP(), 1),
            at(one.startAP(), 10)
          });
    }
    return Figures.table(CLASS_HEADER, rows);
  }

  private static String streams(Metrics metrics) {
    List<String[]> rows = new ArrayList<>();
    for (Metrics.StreamMetrics one : metrics.streams()) {
      rows.add(
          new String[] {
            TableCell.of(one.stream()),
            Long.toString(one.frames()),
            Figures.percent(one.frameAccuracy()),
            at(one.segmentF1(), 50),
            Figures.percent(one.editScore()),
            Figures.number(one.detectionDelayMedianSeconds()),
            Long.toString(one.undetected()),
            Long.toString(one.falseAlarms())
          });
    }
    return Figures.table(STREAM_HEADER, rows);
  }

  private static String totals(Metrics metrics) {
    List<String[]> rows = new ArrayList<>();
    MetricsTables.shares(metrics).forEach(row -> rows.add(row.toArray(String[]::new)));
    Metrics.DetectionDelay delay = metrics.detectionDelaySeconds();
    row(
        rows,
        "detection delay, s",
        "median %s, p90 %s".formatted(Figures.number(delay.median()), Figures.number(delay.p90())));
    row(
        rows,
        "stretches detected",
        "%d of %d".formatted(delay.detected(), delay.detected() + delay.undetected()));
    row(rows, "false alarms an hour", Figures.number(metrics.falseAlarmsPerHour()));
    row(rows, "label changes a minute", Figures.number(metrics.labelChangesPerMinute()));
    return Figures.table(new String[] {"all streams", ""}, rows);
  }

  private static void row(List<String[]> rows, String name, String value) {
    rows.add(new String[] {name, value});
  }

  private static String account(Account account) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d frames in = %d labels + %d duplicates + %d skipped + %d rejected + %d open"
            .formatted(
                account.framesIn(),
                account.labels(),
                account.duplicates(),
                account.skipped(),
                account.rejected(),
                account.open()));
    account
        .rejectedReasons()
        .forEach((reason, times) -> lines.add(times + " rejected: " + Terminal.printable(reason)));
    account.resets().forEach((reason, times) -> lines.add("%d resets %s".formatted(times, reason)));
    if (!Double.isNaN(account.labelsPerSecond())) {
      lines.add(
          "%s labels a second; delay from sending to committed label: p50 %s s, p95 %s s"
              .formatted(
                  Figures.number(account.labelsPerSecond()),
                  Figures.number(account.delayMedianSeconds()),
                  Figures.number(account.delayP95Seconds())));
    }
    return String.join("\n", lines);
  }

  private static String at(Map<Integer, Double> values, int key) {
    return Figures.percent(values.getOrDefault(key, Double.NaN));
  }
}

package io.gatestream.evaluate.report;

import static io.gatestream.text.Figures.number;
import static io.gatestream.text.Figures.percent;

import io.gatestream.evaluate.score.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The metrics as the page's tables: in all, by class, by stream. Stateless. */
public final class MetricsTables {
  /** Seconds around a true start of which average precision is shown; the file has more. */
  private static final List<Integer> OFFSETS = List.of(1, 3, 5, 10);

  private MetricsTables() {}

  static List<ReportTable> of(Metrics metrics) {
    return List.of(totals(metrics), classes(metrics), streams(metrics));
  }

  /** What holds over all streams and is a count or a share: name and figure. */
  public static List<List<String>> shares(Metrics metrics) {
    List<List<String>> rows = new ArrayList<>();
    row(rows, "frames scored", Long.toString(metrics.frames()));
    row(rows, "frames without known truth", Long.toString(metrics.unscoredFrames()));
    row(rows, "frame accuracy", percent(metrics.frameAccuracy()));
    row(rows, "balanced accuracy", percent(metrics.balancedAccuracy()));
    metrics.topK().forEach((k, share) -> row(rows, "top-" + k, percent(share)));
    row(rows, "mean F1", percent(metrics.macroF1()));
    row(rows, "mAP", percent(metrics.mAP()));
    row(rows, "mcAP", percent(metrics.mcAP()));
    row(rows, "calibration error", percent(metrics.calibrationError()));
    metrics.segmentF1().forEach((k, share) -> row(rows, "segment F1@" + k, percent(share)));
    row(rows, "edit score", percent(metrics.editScore()));
    for (int offset : OFFSETS) {
      row(
          rows,
          "start AP @%d s".formatted(offset),
          percent(metrics.startAP().getOrDefault(offset, Double.NaN)));
    }
    return rows;
  }

  private static ReportTable totals(Metrics metrics) {
    List<List<String>> rows = shares(metrics);
    Metrics.DetectionDelay delay = metrics.detectionDelaySeconds();
    row(rows, "detection delay, median", seconds(delay.median()));
    row(rows, "detection delay, p90", seconds(delay.p90()));
    row(
        rows,
        "stretches detected",
        "%d of %d".formatted(delay.detected(), delay.detected() + delay.undetected()));
    row(rows, "false alarms an hour", number(metrics.falseAlarmsPerHour()));
    row(rows, "label changes a minute", number(metrics.labelChangesPerMinute()));
    return new ReportTable("All streams", "", List.of("", "value"), List.of(), rows);
  }

  private static void row(List<List<String>> rows, String name, String value) {
    rows.add(List.of(name, value));
  }

  private static String seconds(double value) {
    return Double.isNaN(value) ? "-" : number(value) + " s";
  }

  private static ReportTable classes(Metrics metrics) {
    return new ReportTable(
        "Classes",
        "",
        List.of("class", "frames", "predicted", "precision", "recall", "F1", "AP", "cAP"),
        List.of(),
        metrics.classes().stream().map(MetricsTables::row).toList());
  }

  private static List<String> row(Metrics.ClassMetrics one) {
    return List.of(
        one.background() ? one.label() + " (background)" : one.label(),
        Long.toString(one.support()),
        Long.toString(one.predicted()),
        percent(one.precision()),
        percent(one.recall()),
        percent(one.f1()),
        percent(one.averagePrecision()),
        percent(one.calibratedAveragePrecision()));
  }

  private static ReportTable streams(Metrics metrics) {
    return new ReportTable(
        "Streams",
        "",
        List.of("stream", "frames", "accuracy", "F1@50", "edit", "delay", "missed", "false alarms"),
        List.of(),
        metrics.streams().stream().map(MetricsTables::row).toList());
  }

  private static List<String> row(Metrics.StreamMetrics one) {
    Map<Integer, Double> overlaps = one.segmentF1();
    return List.of(
        one.stream(),
        Long.toString(one.frames()),
        percent(one.frameAccuracy()),
        percent(overlaps.getOrDefault(50, Double.NaN)),
        percent(one.editScore()),
        seconds(one.detectionDelayMedianSeconds()),
        Long.toString(one.undetected()),
        Long.toString(one.falseAlarms()));
  }
}

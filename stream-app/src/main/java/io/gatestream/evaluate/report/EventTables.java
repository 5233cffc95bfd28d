package io.gatestream.evaluate.report;

import static io.gatestream.text.Figures.number;
import static io.gatestream.text.Figures.percent;

import io.gatestream.evaluate.score.EventMetrics;
import io.gatestream.evaluate.score.Metrics;
import java.util.ArrayList;
import java.util.List;

/** The figures of events as tables, for the page and for a terminal. Stateless. */
public final class EventTables {
  /** What the columns of {@link #row} hold. */
  public static final List<String> HEADER =
      List.of(
          "START after",
          "p90",
          "false alarms/h",
          "precision",
          "recall",
          "F1",
          "start within 1 s",
          "events",
          "of",
          "missed",
          "further/h");

  private EventTables() {}

  /** The most important figures in a row; precision, recall and F1 are at an overlap of 25 %. */
  public static List<String> row(EventMetrics events) {
    EventMetrics.Found found = events.overlap(25);
    Metrics.DetectionDelay delay = events.startDelaySeconds();
    return List.of(
        seconds(delay.median()),
        seconds(delay.p90()),
        number(events.falseAlarmsPerHour()),
        percent(found.precision()),
        percent(found.recall()),
        percent(found.f1()),
        percent(events.start(1).f1()),
        Long.toString(events.events()),
        Long.toString(events.stretches()),
        Long.toString(delay.undetected()),
        number(events.furtherEventsPerHour()));
  }

  private static String seconds(double value) {
    return Double.isNaN(value) ? "-" : number(value) + " s";
  }

  /** All figures, a line each: name and figure. */
  public static List<List<String>> lines(EventMetrics events) {
    List<List<String>> rows = new ArrayList<>();
    Metrics.DetectionDelay delay = events.startDelaySeconds();
    row(rows, "events", Long.toString(events.events()));
    row(rows, "true stretches", Long.toString(events.stretches()));
    events
        .byOverlap()
        .forEach((percent, found) -> row(rows, "overlap of %d %%".formatted(percent), text(found)));
    events
        .byStart()
        .forEach(
            (seconds, found) -> row(rows, "start within %s s".formatted(seconds), text(found)));
    row(rows, "START after, median", seconds(delay.median()));
    row(rows, "START after, p90", seconds(delay.p90()));
    row(rows, "stretches without an event", Long.toString(delay.undetected()));
    row(rows, "false alarms an hour", number(events.falseAlarmsPerHour()));
    row(rows, "further events of a stretch, an hour", number(events.furtherEventsPerHour()));
    return rows;
  }

  private static String text(EventMetrics.Found found) {
    return "precision %s, recall %s, F1 %s"
        .formatted(percent(found.precision()), percent(found.recall()), percent(found.f1()));
  }

  private static void row(List<List<String>> rows, String name, String value) {
    rows.add(List.of(name, value));
  }

  public static ReportTable table(EventMetrics events) {
    return new ReportTable("Events", "", List.of("", "value"), List.of(), lines(events));
  }
}

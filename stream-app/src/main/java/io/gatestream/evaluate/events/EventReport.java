package io.gatestream.evaluate.events;

import io.gatestream.evaluate.report.EventTables;
import io.gatestream.evaluate.report.ReportTable;
import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.EventMetrics;
import io.gatestream.model.EventRule;
import io.gatestream.model.EventRules;
import io.gatestream.model.EventRulesWriter;
import io.gatestream.text.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tuned rules as text, as a table of the page and as JSON. Stateless. */
public final class EventReport {
  private static final String CURVE_NOTE =
      "The best rule within each median delay of START, by F1 at an overlap of 25 %, on the streams"
          + " that it was found on: enter/milliseconds, exit/milliseconds. Held out is what rules give that were found without the stream.";

  private EventReport() {}

  /** What the terminal shows. */
  public static String text(TunedEvents tuned) {
    List<String> header = new ArrayList<>(List.of("rule"));
    header.addAll(EventTables.HEADER);
    return "The best rule (enter/ms exit/ms) within each median delay of START:\n"
        + Figures.table(
            header.toArray(String[]::new),
            Set.of(0),
            0,
            rows(tuned).stream().map(row -> row.toArray(String[]::new)).toList())
        + "\nchosen: "
        + rule(tuned.rules());
  }

  /** The same for the page. */
  public static ReportTable table(TunedEvents tuned) {
    List<String> columns = new ArrayList<>(List.of("rule"));
    columns.addAll(EventTables.HEADER);
    return new ReportTable(
        "Event rules by delay", CURVE_NOTE, columns, List.of(), rows(tuned), curve(tuned));
  }

  /** False alarms against delay; rules that find nothing have no delay and no mark. */
  private static ReportTable.Curve curve(TunedEvents tuned) {
    List<ReportTable.Mark> marks =
        tuned.curve().stream()
            .filter(point -> !Double.isNaN(point.figures().startDelaySeconds().median()))
            .map(
                point ->
                    new ReportTable.Mark(
                        point.figures().startDelaySeconds().median(),
                        point.figures().falseAlarmsPerHour(),
                        "within %.1f s: %s".formatted(point.delayAtMost(), rule(point.rules()))))
            .toList();
    return new ReportTable.Curve("median delay of START, s", "false alarms an hour", marks);
  }

  private static List<List<String>> rows(TunedEvents tuned) {
    List<List<String>> rows = new ArrayList<>();
    for (TunedEvents.Point point : tuned.curve()) {
      rows.add(
          row("%.1f s: %s".formatted(point.delayAtMost(), rule(point.rules())), point.figures()));
    }
    rows.add(row("chosen", tuned.found()));
    rows.add(row("held out", tuned.heldOut()));
    return rows;
  }

  private static List<String> row(String name, EventMetrics figures) {
    List<String> row = new ArrayList<>(List.of(name));
    row.addAll(EventTables.row(figures));
    return row;
  }

  private static String rule(EventRules rules) {
    EventRule rule = rules.rules().get(0); // all classes have the same
    return String.format(
        Locale.ROOT,
        "%.2f/%d %.2f/%d, smoothed %d, merged %d",
        rule.enter(),
        rule.enterTime() / 1_000,
        rule.exit(),
        rule.exitTime() / 1_000,
        rule.smoothing() / 1_000,
        rule.merge() / 1_000);
  }

  /** What metrics.json has of it. */
  public static Map<String, Object> json(TunedEvents tuned, Classes classes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rules", rules(tuned.rules(), classes));
    json.put("found", tuned.found());
    json.put("heldOut", tuned.heldOut());
    List<Map<String, Object>> curve = new ArrayList<>();
    for (TunedEvents.Point point : tuned.curve()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("startDelayAtMostSeconds", point.delayAtMost());
      one.put("rules", rules(point.rules(), classes));
      one.put("found", point.figures());
      curve.add(one);
    }
    json.put("curve", curve);
    return json;
  }

  private static Object rules(EventRules rules, Classes classes) {
    return EventRulesWriter.json(rules, classes.labels(), classes.background());
  }
}

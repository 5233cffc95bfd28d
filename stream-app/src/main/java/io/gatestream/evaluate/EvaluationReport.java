package io.gatestream.evaluate;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.DataException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.evaluate.events.EventReport;
import io.gatestream.evaluate.events.EventTuner;
import io.gatestream.evaluate.events.MadeEvents;
import io.gatestream.evaluate.events.TunedEvents;
import io.gatestream.evaluate.report.EventTables;
import io.gatestream.evaluate.report.Fact;
import io.gatestream.evaluate.report.ReportAssembly;
import io.gatestream.evaluate.report.ReportInput;
import io.gatestream.evaluate.report.ReportPage;
import io.gatestream.evaluate.report.ReportTable;
import io.gatestream.evaluate.score.Account;
import io.gatestream.evaluate.score.Comparison;
import io.gatestream.evaluate.score.Evaluation;
import io.gatestream.evaluate.score.EventMetrics;
import io.gatestream.evaluate.score.Metrics;
import io.gatestream.evaluate.score.MetricsJson;
import io.gatestream.evaluate.score.Mistake;
import io.gatestream.evaluate.score.PairedBootstrap;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.model.EventRules;
import io.gatestream.model.EventRulesWriter;
import io.gatestream.text.Figures;
import io.gatestream.text.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scores runs against a truth and writes metrics.json and report.html. Used by one thread. */
public final class EvaluationReport {
  /** The resampling of a comparison is the same each time. */
  private static final long SEED = 1;

  private static final String METRICS = "metrics.json";
  private static final String PAGE = "report.html";

  /** Rules that were found, as {@code run --events-rules} takes them. */
  private static final String EVENTS = "events.json";

  private final Path folder;
  private final Path truthFile;
  private final Truth truth;
  private Optional<EventRules> rules = Optional.empty();

  /**
   * Reads the truth and makes the folder, so that a mistake is known before anything runs.
   *
   * @throws ConfigException the truth or the folder cannot be used
   */
  public EvaluationReport(Path truthFile, Path folder) {
    this.truthFile = truthFile;
    this.truth = Truth.readOverlapping(truthFile);
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new ConfigException(
          "--report %s cannot be made a folder: %s".formatted(folder, IoReason.of(e)), e);
    }
    if (!Files.isWritable(folder)) {
      throw new ConfigException("--report %s is not writable".formatted(folder));
    }
  }

  public Truth truth() {
    return truth;
  }

  /**
   * Scores, writes both files and returns what the terminal shows.
   *
   * @param runs one, or two that are compared
   * @throws DataException nothing could be scored
   */
  public String write(List<EvaluatedRun> runs) {
    return write(runs, Optional.empty());
  }

  /**
   * The same, and finds event rules where limits are given.
   *
   * @throws DataException nothing could be scored, or there is no such rule
   */
  public String write(List<EvaluatedRun> runs, Optional<EventTuner.Limits> limits) {
    List<Evaluation> evaluations = new ArrayList<>();
    for (EvaluatedRun run : runs) {
      Evaluation evaluation =
          Evaluation.of(truth, run.classes(), run.streams(), run.facts(), run.notes());
      if (evaluation.metrics().frames() == 0) {
        throw new DataException(
            "nothing of %s could be scored:%n  %s"
                .formatted(run.name(), String.join("\n  ", evaluation.metrics().notes())));
      }
      evaluations.add(evaluation);
    }
    Optional<TunedEvents> tuned = limits.map(keep -> tune(runs.get(0), evaluations.get(0), keep));
    rules = tuned.map(TunedEvents::rules);
    List<Optional<EventMetrics>> events = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      EventRules scored = rules.orElse(runs.get(i).rules());
      events.add(
          scored.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  evaluations.get(i).events(MadeEvents.of(runs.get(i).streams(), scored))));
    }
    Optional<Comparison> comparison =
        runs.size() == 2
            ? Optional.of(PairedBootstrap.compare(evaluations.get(0), evaluations.get(1), SEED))
            : Optional.empty();
    try {
      MetricsJson.write(
          json(runs, evaluations, events, tuned, comparison), folder.resolve(METRICS));
    } catch (IOException e) {
      throw new OutageException(
          "cannot write %s: %s".formatted(folder.resolve(METRICS), IoReason.of(e)), e);
    }
    page(runs, evaluations, tables(events, tuned), comparison);
    return text(runs, evaluations, events, tuned, comparison);
  }

  /** The rules that {@link #write} found. */
  public Optional<EventRules> found() {
    return rules;
  }

  private TunedEvents tune(EvaluatedRun run, Evaluation evaluation, EventTuner.Limits limits) {
    TunedEvents tuned = new EventTuner(evaluation, run.streams(), run.rules()).tune(limits);
    EventRulesWriter.write(
        folder.resolve(EVENTS), tuned.rules(), run.classes().labels(), run.classes().background());
    return tuned;
  }

  /** By run. */
  private static List<List<ReportTable>> tables(
      List<Optional<EventMetrics>> events, Optional<TunedEvents> tuned) {
    List<List<ReportTable>> tables = new ArrayList<>();
    for (Optional<EventMetrics> one : events) {
      List<ReportTable> more = new ArrayList<>();
      one.map(EventTables::table).ifPresent(more::add);
      tuned.map(EventReport::table).ifPresent(more::add);
      tables.add(more);
    }
    return tables;
  }

  private static Object json(
      List<EvaluatedRun> runs,
      List<Evaluation> evaluations,
      List<Optional<EventMetrics>> events,
      Optional<TunedEvents> tuned,
      Optional<Comparison> comparison) {
    if (comparison.isEmpty()) {
      return new MetricsFile(
          evaluations.get(0).metrics(),
          events.get(0).orElse(null),
          tuned.map(found -> EventReport.json(found, runs.get(0).classes())).orElse(null));
    }
    Map<String, Object> both = new LinkedHashMap<>();
    List<Map<String, Object>> parts = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Map<String, Object> part = new LinkedHashMap<>();
      part.put("name", runs.get(i).name());
      part.put(
          "metrics",
          new MetricsFile(evaluations.get(i).metrics(), events.get(i).orElse(null), null));
      parts.add(part);
    }
    both.put("runs", parts);
    both.put("comparison", comparison.get());
    return both;
  }

  private void page(
      List<EvaluatedRun> runs,
      List<Evaluation> evaluations,
      List<List<ReportTable>> more,
      Optional<Comparison> comparison) {
    List<ReportInput> inputs = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      EvaluatedRun run = runs.get(i);
      inputs.add(
          new ReportInput(
              run.name(),
              facts(run, evaluations.get(i).metrics()),
              evaluations.get(i),
              run.streams(),
              run.marks(),
              AccountTable.of(run),
              more.get(i),
              mistake -> run.pictures().jpeg(stream(mistake), mistake)));
    }
    String title =
        runs.size() == 1
            ? "Evaluation of " + runs.get(0).name()
            : "%s against %s".formatted(runs.get(1).name(), runs.get(0).name());
    List<Fact> facts = List.of(new Fact("truth", truthFile.toString()));
    ReportPage.write(
        folder.resolve(PAGE), new ReportAssembly(truth, inputs).make(title, facts, comparison));
  }

  /** The stream's id: a name ends in #2 and so on for its later sessions. */
  private String stream(Mistake mistake) {
    String name = mistake.stream();
    return truth.streams().contains(name) ? name : name.substring(0, name.lastIndexOf('#'));
  }

  private static List<Fact> facts(EvaluatedRun run, Metrics metrics) {
    Account account = metrics.account();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("model", String.join(", ", run.models())));
    facts.add(new Fact("streams scored", Integer.toString(metrics.streams().size())));
    facts.add(new Fact("frames in", Long.toString(account.framesIn())));
    facts.add(new Fact("labels", Long.toString(account.labels())));
    facts.add(
        new Fact(
            run.sent().isEmpty() ? "labels a second of capture time" : "labels a second",
            Figures.number(account.labelsPerSecond())));
    settled(run).ifPresent(facts::add);
    if (!Double.isNaN(account.delayMedianSeconds())) {
      facts.add(
          new Fact(
              "delay from sending to committed label",
              "p50 %s s, p95 %s s"
                  .formatted(
                      Figures.number(account.delayMedianSeconds()),
                      Figures.number(account.delayP95Seconds()))));
    }
    return facts;
  }

  /** What is right once the model has had time to see a change. */
  private static Optional<Fact> settled(EvaluatedRun run) {
    Accuracy.Count settled = run.score().settled();
    if (run.classes().multiLabel() || settled.ratio().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Fact(
            "correct of frames at least %s s after the last change of truth"
                .formatted(Accuracy.SETTLING.toMillis() / 1000.0),
            "%s of %d"
                .formatted(Figures.percent(settled.ratio().getAsDouble()), settled.frames())));
  }

  private String text(
      List<EvaluatedRun> runs,
      List<Evaluation> evaluations,
      List<Optional<EventMetrics>> events,
      Optional<TunedEvents> tuned,
      Optional<Comparison> comparison) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      String name = Terminal.printable(runs.get(i).name());
      if (runs.size() == 2) {
        parts.add("%s: %s\n".formatted(i == 0 ? "A" : "B", name));
      }
      parts.add(MetricsTable.of(evaluations.get(i).metrics()));
      settled(runs.get(i))
          .ifPresent(fact -> parts.add("%s: %s".formatted(fact.name(), fact.value())));
      events.get(i).map(EvaluationReport::text).ifPresent(parts::add);
      parts.add("");
    }
    tuned.ifPresent(found -> parts.add(EventReport.text(found) + "\n"));
    comparison.ifPresent(both -> parts.add(ComparisonTable.of(both) + "\n"));
    parts.add("%s\n%s".formatted(folder.resolve(METRICS), folder.resolve(PAGE)));
    tuned.ifPresent(found -> parts.add(folder.resolve(EVENTS).toString()));
    return String.join("\n", parts);
  }

  private static String text(EventMetrics events) {
    return Figures.table(
        new String[] {"events", ""},
        EventTables.lines(events).stream().map(row -> row.toArray(String[]::new)).toList());
  }
}

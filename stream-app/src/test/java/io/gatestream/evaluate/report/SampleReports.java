package io.gatestream.evaluate.report;

import io.gatestream.evaluate.report.StreamTimeline.Curve;
import io.gatestream.evaluate.report.StreamTimeline.Mark;
import io.gatestream.evaluate.report.StreamTimeline.Stretch;
import io.gatestream.evaluate.report.StreamTimeline.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Reports of made-up data, the same for the same seed. */
final class SampleReports {
  private static final List<String> LABELS =
      List.of("still", "left", "right", "up", "down", "clockwise", "counter-clockwise");
  private static final String PIXEL =
      "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

  private SampleReports() {}

  /** One run. */
  static ReportData one(int streams, boolean multiLabel) {
    return of(streams, multiLabel, List.of("object-motion 1"), null);
  }

  /** Two runs and their comparison. */
  /** The same with a table that has a curve. */
  static ReportData withTradeOff() {
    ReportData one = one(2, false);
    ReportRun run = one.runs().get(0);
    List<ReportTable> tables = new ArrayList<>(run.tables());
    tables.add(
        new ReportTable(
            "Event rules by delay",
            "",
            List.of("rule", "false alarms/h"),
            List.of(),
            List.of(List.of("0.5 s", "300")),
            new ReportTable.Curve(
                "delay",
                "false alarms",
                List.of(
                    new ReportTable.Mark(0.3, 500, "fast"),
                    new ReportTable.Mark(0.5, 300, "slow")))));
    return new ReportData(
        one.title(),
        one.facts(),
        one.labels(),
        one.background(),
        one.multiLabel(),
        one.notes(),
        List.of(
            new ReportRun(
                run.name(),
                run.facts(),
                tables,
                run.confusion(),
                run.curves(),
                run.reliability(),
                run.mistakes(),
                run.account())),
        one.streams(),
        one.comparison());
  }

  static ReportData two() {
    ReportTable stretches =
        new ReportTable(
            "Where they differ",
            "The longest first.",
            List.of("stream", "from", "to", "truth", "a", "b"),
            List.of(3, 4, 5),
            List.of(List.of("stream-0", "1.5", "2.5", "left", "left", "up")));
    ReportComparison comparison =
        new ReportComparison(
            "models/a",
            "models/b",
            "95 % intervals over streams.",
            List.of(
                new ReportComparison.Row("accuracy", 0.81, 0.84, 0.03, -0.01, 0.07, true),
                new ReportComparison.Row("mean AP", 0.91, 0.88, -0.03, -0.04, -0.02, true),
                new ReportComparison.Row("edit score", 0.5, null, null, null, null, true)),
            stretches);
    return of(3, false, List.of("a", "b"), comparison);
  }

  private static ReportData of(
      int count, boolean multiLabel, List<String> names, @Nullable ReportComparison comparison) {
    Random random = new Random(7);
    List<StreamTimeline> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Stretch> truth = stretches(random, 30, multiLabel);
      List<Track> tracks = new ArrayList<>();
      for (int run = 0; run < names.size(); run++) {
        tracks.add(track(random, stretches(random, 30, multiLabel)));
      }
      streams.add(new StreamTimeline("stream-" + i, truth, tracks));
    }
    return new ReportData(
        "Evaluation </script><b>of {{script}}",
        List.of(new Fact("truth", "truth.csv"), new Fact("frames", "1234")),
        LABELS,
        "still",
        multiLabel,
        List.of("the truth names the stream 'gone', of which there is no label"),
        names.stream().map(name -> run(name, multiLabel)).toList(),
        streams,
        comparison);
  }

  private static List<Stretch> stretches(Random random, double length, boolean overlapping) {
    List<Stretch> stretches = new ArrayList<>();
    double time = 0;
    while (time < length) {
      double end = Math.min(length, time + 1 + 3 * random.nextDouble());
      stretches.add(new Stretch(random.nextInt(LABELS.size()), time, end));
      time = overlapping ? time + 1 : end;
    }
    return stretches;
  }

  private static Track track(Random random, List<Stretch> predicted) {
    List<Double> seconds = new ArrayList<>();
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      seconds.add(i < 150 ? i / 10.0 : i / 10.0 + 2);
    }
    for (int label = 0; label < LABELS.size(); label++) {
      List<Integer> scores = new ArrayList<>();
      double phase = random.nextDouble() * 6;
      for (int i = 0; i < 300; i++) {
        scores.add((int) Math.round(500 + 500 * Math.sin(phase + i / (10.0 + label))));
      }
      curves.add(new Curve(label, scores));
    }
    return new Track(
        600,
        2,
        predicted,
        seconds,
        curves,
        List.of(
            new Mark(0, "reset", "FIRST_FRAME"),
            new Mark(12.5, "rejected", "CORRUPT"),
            new Mark(15, "missing", "20 frames are missing")));
  }

  private static ReportRun run(String name, boolean multiLabel) {
    ReportTable metrics =
        new ReportTable(
            "All frames", "", List.of("", "value"), List.of(), List.of(List.of("accuracy", "0.8")));
    List<ReportRun.PrecisionRecall> curves = new ArrayList<>();
    List<ReportRun.Bin> bins = new ArrayList<>();
    List<List<Long>> counts = new ArrayList<>();
    for (int label = 0; label < LABELS.size(); label++) {
      curves.add(
          new ReportRun.PrecisionRecall(
              label, 0.9 - label * 0.05, List.of(0.0, 0.5, 1.0), List.of(1.0, 0.95, 0.2)));
      List<Long> row = new ArrayList<>();
      for (int other = 0; other < LABELS.size(); other++) {
        row.add(label == other ? 200L : (label * other) % 5 * 7L);
      }
      counts.add(row);
    }
    for (int bin = 0; bin < 10; bin++) {
      bins.add(
          new ReportRun.Bin(
              bin / 10.0, (bin + 1) / 10.0, 10L * bin * bin, bin / 10.0 + 0.05, bin / 10.0));
    }
    return new ReportRun(
        name,
        List.of(new Fact("provider", "cpu")),
        List.of(metrics),
        multiLabel ? null : new ReportRun.Confusion(LABELS, LABELS, counts),
        curves,
        new ReportRun.Reliability(0.043, bins),
        List.of(
            new ReportRun.Mistake("stream-0", 12.2, "left", "up", 0.97, "1.2 s long", PIXEL),
            new ReportRun.Mistake("stream-1", 2.0, "right", "still", 0.91, "", null)),
        new ReportTable(
            "Account",
            "",
            List.of("stream", "frames in", "labels"),
            List.of(),
            List.of(List.of("stream-0", "600", "600"))));
  }
}

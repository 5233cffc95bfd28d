package io.gatestream.evaluate;

import io.gatestream.evaluate.report.ReportTable;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.labels.RejectedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where each stream's frames went: frames in = labels + duplicates + skipped + rejected + open. */
final class AccountTable {
  private static final List<String> COLUMNS =
      List.of(
          "stream",
          "frames in",
          "labels",
          "duplicates",
          "skipped",
          "rejected",
          "open",
          "rejected records by reason");

  private AccountTable() {}

  static ReportTable of(EvaluatedRun run) {
    SortedMap<String, List<ScoredStream.Counts>> counts = new TreeMap<>();
    for (ScoredStream stream : run.streams()) {
      counts.computeIfAbsent(stream.stream(), id -> new ArrayList<>()).add(stream.counts());
    }
    Map<String, List<RejectedFrame>> rejected =
        run.rejected().stream()
            .collect(Collectors.groupingBy(frame -> frame.stream().orElse("(no stream)")));
    SortedSet<String> streams = new TreeSet<>(counts.keySet());
    streams.addAll(run.sent().keySet());
    streams.addAll(rejected.keySet());
    List<List<String>> rows = new ArrayList<>();
    for (String stream : streams) {
      rows.add(
          row(
              stream,
              counts.getOrDefault(stream, List.of()),
              rejected.getOrDefault(stream, List.of()),
              run.sent()));
    }
    return new ReportTable(
        "Account",
        run.sent().isEmpty()
            ? "From the running counts that the labels carry: frames in is their sum."
            : "Frames in are those sent. Open are those of which no label tells: rejected or skipped after a stream's last label.",
        COLUMNS,
        List.of(COLUMNS.size() - 1),
        rows);
  }

  /** The counts run through all sessions of a stream, labels do not. */
  private static List<String> row(
      String stream,
      List<ScoredStream.Counts> counts,
      List<RejectedFrame> rejected,
      Map<String, Long> sent) {
    long labels = counts.stream().mapToLong(ScoredStream.Counts::labels).sum();
    long duplicates = counts.stream().mapToLong(ScoredStream.Counts::duplicates).max().orElse(0);
    long skipped = counts.stream().mapToLong(ScoredStream.Counts::skipped).max().orElse(0);
    long dropped = counts.stream().mapToLong(ScoredStream.Counts::rejected).max().orElse(0);
    long told = labels + duplicates + skipped + dropped;
    long in = sent.getOrDefault(stream, told);
    String reasons =
        RejectedReasons.count(rejected).entrySet().stream()
            .map(reason -> "%d %s".formatted(reason.getValue(), reason.getKey()))
            .collect(Collectors.joining(", "));
    return List.of(
        stream,
        Long.toString(in),
        Long.toString(labels),
        Long.toString(duplicates),
        Long.toString(skipped),
        Long.toString(dropped),
        Long.toString(in - told),
        reasons);
  }
}

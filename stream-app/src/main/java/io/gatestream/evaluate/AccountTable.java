package io.gatestream.evaluate;

import io.gatestream.evaluate.report.ReportTable;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.labels.RejectedRecord;
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
    SortedMap<String, ScoredStream.Counts> counts = new TreeMap<>();
    for (ScoredStream stream : run.streams()) {
      counts.merge(stream.stream(), stream.counts(), ScoredStream.Counts::then);
    }
    Map<String, List<RejectedRecord>> rejected =
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
              counts.getOrDefault(stream, ScoredStream.Counts.NONE),
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

  private static List<String> row(
      String stream,
      ScoredStream.Counts counts,
      List<RejectedRecord> rejected,
      Map<String, Long> sent) {
    long told = counts.labels() + counts.duplicates() + counts.skipped() + counts.rejected();
    long in = sent.getOrDefault(stream, told);
    String reasons =
        reasons(rejected).entrySet().stream()
            .map(reason -> "%d %s".formatted(reason.getValue(), reason.getKey()))
            .collect(Collectors.joining(", "));
    return List.of(
        stream,
        Long.toString(in),
        Long.toString(counts.labels()),
        Long.toString(counts.duplicates()),
        Long.toString(counts.skipped()),
        Long.toString(counts.rejected()),
        Long.toString(in - told),
        reasons);
  }

  /** Rejected records by reason. */
  static Map<String, Long> reasons(List<RejectedRecord> rejected) {
    return rejected.stream()
        .collect(
            Collectors.groupingBy(RejectedRecord::reason, TreeMap::new, Collectors.counting()));
  }
}

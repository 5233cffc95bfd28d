package io.gatestream.cli;

import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.SourceReport;
import io.gatestream.text.Figures;
import io.gatestream.text.TableCell;
import io.gatestream.text.Terminal;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an ingest came to: a table of its sources, then its clock's notes, other notes and failures
 * on lines of their own.
 */
final class IngestSummary {
  private static final String[] HEADER = {
    "stream", "frames", "bytes", "seconds", "fps", "dropped", "result"
  };
  private static final Set<Integer> TEXT = Set.of(0, HEADER.length - 1);

  private IngestSummary() {}

  static String of(IngestReport report) {
    List<String[]> rows = report.sources().stream().map(IngestSummary::row).toList();
    StringBuilder summary = new StringBuilder(Figures.table(HEADER, TEXT, 0, rows));
    summary.append(
        String.format(
            Locale.ROOT, "%n%d frames sent, %d dropped%n", report.frames(), report.dropped()));
    for (SourceReport source : report.sources()) {
      if (!source.clock().notes().isEmpty()) {
        String notes = String.join("; ", source.clock().notes());
        summary.append(Terminal.printable(source.streamId() + ": " + notes)).append('\n');
      }
      for (String note : source.notes()) {
        summary.append(Terminal.printable(source.streamId() + ": " + note)).append('\n');
      }
      source
          .failure()
          .ifPresent(
              reason ->
                  summary
                      .append(Terminal.printable(source.streamId() + " failed: " + reason))
                      .append('\n'));
    }
    return summary.toString();
  }

  private static String[] row(SourceReport source) {
    return new String[] {
      TableCell.of(source.streamId()),
      Long.toString(source.frames()),
      Long.toString(source.bytes()),
      String.format(Locale.ROOT, "%.1f", source.seconds()),
      String.format(Locale.ROOT, "%.1f", source.rate()),
      Long.toString(source.dropped()),
      source.failure().isPresent() ? "FAILED" : "done"
    };
  }
}

package io.gatestream.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.SourceReport;
import io.gatestream.text.TableCell;
import io.gatestream.text.Terminal;
import java.util.List;
import java.util.Locale;

/**
 * What an ingest came to: a table of its sources, then its clock's notes, other notes and failures
 * on lines of their own.
 */
final class IngestSummary {
  private IngestSummary() {}

  static String of(IngestReport report) {
    List<Column> columns =
        List.of(
            text("stream"),
            number("frames"),
            number("bytes"),
            number("seconds"),
            number("fps"),
            number("dropped"),
            text("result"));
    String[][] rows = report.sources().stream().map(IngestSummary::row).toArray(String[][]::new);
    StringBuilder summary =
        new StringBuilder(
            AsciiTable.builder()
                .lineSeparator("\n")
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER)
                .data(columns.toArray(Column[]::new), rows)
                .asString());
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

  private static Column text(String header) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.LEFT)
        .dataAlign(HorizontalAlign.LEFT);
  }

  private static Column number(String header) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.RIGHT)
        .dataAlign(HorizontalAlign.RIGHT);
  }
}

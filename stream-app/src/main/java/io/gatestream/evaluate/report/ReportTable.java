package io.gatestream.evaluate.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of finished text, the first column and those in {@code text} aligned to the left.
 *
 * @param note a sentence above it, or empty
 * @param text indexes of further columns that hold words
 * @param curve what the page draws above it, if anything
 */
public record ReportTable(
    String title,
    String note,
    List<String> columns,
    List<Integer> text,
    List<List<String>> rows,
    @Nullable Curve curve) {
  /** One figure against another: a line through marks, in their order. */
  public record Curve(String x, String y, List<Mark> marks) {}

  /** A point of a curve, and what is said of it. */
  public record Mark(double x, double y, String name) {}

  /** A table alone. */
  public ReportTable(
      String title,
      String note,
      List<String> columns,
      List<Integer> text,
      List<List<String>> rows) {
    this(title, note, columns, text, rows, null);
  }

  public ReportTable {
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "%d cells under %d columns: %s".formatted(row.size(), columns.size(), row));
      }
    }
  }
}

package io.gatestream.evaluate.report;

import java.util.List;

/**
 * A table of finished text, the first column and those in {@code text} aligned to the left.
 *
 * @param note a sentence above it, or empty
 * @param text indexes of further columns that hold words
 */
public record ReportTable(
    String title, String note, List<String> columns, List<Integer> text, List<List<String>> rows) {
  public ReportTable {
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "%d cells under %d columns: %s".formatted(row.size(), columns.size(), row));
      }
    }
  }
}

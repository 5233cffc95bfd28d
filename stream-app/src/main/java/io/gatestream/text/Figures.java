package io.gatestream.text;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How tables and figures look on a terminal; what is not defined is "-". */
public final class Figures {
  private Figures() {}

  /** A table whose first column is text and whose others are figures. */
  public static String table(String[] header, List<String[]> rows) {
    return table(header, Set.of(0), 0, rows);
  }

  /**
   * A table.
   *
   * @param text indexes of columns of text, the others are figures
   * @param least columns on the screen for each of the table's
   */
  public static String table(String[] header, Set<Integer> text, int least, List<String[]> rows) {
    Column[] columns = new Column[header.length];
    for (int i = 0; i < header.length; i++) {
      HorizontalAlign align = text.contains(i) ? HorizontalAlign.LEFT : HorizontalAlign.RIGHT;
      columns[i] = new Column().header(header[i]).headerAlign(align).dataAlign(align);
      columns[i].minWidth(least).maxWidth(60);
    }
    return AsciiTable.builder()
        .lineSeparator("\n")
        .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER)
        .data(columns, rows.toArray(String[][]::new))
        .asString();
  }

  /** A share of 1 in percent. */
  public static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  public static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}

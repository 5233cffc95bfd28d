package io.gatestream.evaluate.truth;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.gatestream.errors.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Reads a truth file in CSV, with the columns named in the first row. One thread. */
final class TruthCsv {
  private final String name;
  private final TruthRows rows;

  TruthCsv(String name, TruthRows rows) {
    this.name = name;
    this.rows = rows;
  }

  void read(InputStream in) throws IOException {
    try (MappingIterator<String[]> lines =
        new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.TRIM_SPACES)
            .readValues(in)) {
      if (!lines.hasNextValue()) {
        throw new DataException("%s is empty: the first row names the columns".formatted(name));
      }
      List<String> header = header(lines.nextValue());
      for (int row = 2; lines.hasNextValue(); row++) {
        row("row " + row, header, lines.nextValue());
      }
    } catch (JacksonException e) {
      rows.problem("%s is no CSV: %s".formatted(name, e.getOriginalMessage()));
    }
  }

  private List<String> header(String[] cells) {
    List<String> header = Arrays.asList(cells);
    List<String> wrong = new ArrayList<>();
    for (String column : new TreeSet<>(header)) {
      if (!TruthRows.COLUMNS.contains(column)) {
        wrong.add("%s row 1: unknown column '%s'".formatted(name, column));
      }
    }
    for (String column : TruthRows.COLUMNS) {
      long times = header.stream().filter(column::equals).count();
      if (times != 1) {
        wrong.add(
            "%s row 1: column '%s' is there %d times, not once".formatted(name, column, times));
      }
    }
    if (!wrong.isEmpty()) {
      throw new DataException(wrong);
    }
    return header;
  }

  private void row(String place, List<String> header, String[] cells) {
    if (Arrays.stream(cells).allMatch(String::isEmpty)) {
      return;
    }
    if (cells.length != header.size()) {
      rows.problem(place, "%d values under %d columns".formatted(cells.length, header.size()));
      return;
    }
    rows.add(
        place,
        cells[header.indexOf("stream")],
        cells[header.indexOf("start")],
        cells[header.indexOf("end")],
        List.of(cells[header.indexOf("label")]));
  }
}

package io.gatestream.replay;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.gatestream.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The rows of one truth file, checked; collects every problem before it throws. One thread. */
final class TruthRows {
  private static final List<String> COLUMNS = List.of("stream", "start", "end", "label");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,11}(\\.\\d{1,18})?");

  private final String name;
  private final List<String> problems = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();

  TruthRows(String name) {
    this.name = name;
  }

  void read(InputStream in) throws IOException {
    try (MappingIterator<String[]> lines =
        new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.TRIM_SPACES)
            .readValues(in)) {
      if (!lines.hasNextValue()) {
        throw new ConfigException("%s is empty: the first row names the columns".formatted(name));
      }
      List<String> header = header(lines.nextValue());
      for (int row = 2; lines.hasNextValue(); row++) {
        row(row, header, lines.nextValue());
      }
    } catch (JacksonException e) {
      problems.add("%s is no CSV: %s".formatted(name, e.getOriginalMessage()));
    }
    overlaps();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  List<Truth.Interval> intervals() {
    return rows.stream().map(Row::interval).toList();
  }

  private List<String> header(String[] cells) {
    List<String> header = Arrays.asList(cells);
    List<String> wrong = new ArrayList<>();
    for (String column : new TreeSet<>(header)) {
      if (!COLUMNS.contains(column)) {
        wrong.add("%s row 1: unknown column '%s'".formatted(name, column));
      }
    }
    for (String column : COLUMNS) {
      long times = header.stream().filter(column::equals).count();
      if (times != 1) {
        wrong.add(
            "%s row 1: column '%s' is there %d times, not once".formatted(name, column, times));
      }
    }
    if (!wrong.isEmpty()) {
      throw new ConfigException(wrong);
    }
    return header;
  }

  private void row(int row, List<String> header, String[] cells) {
    if (Arrays.stream(cells).allMatch(String::isEmpty)) {
      return;
    }
    if (cells.length != header.size()) {
      problem(row, "%d values under %d columns".formatted(cells.length, header.size()));
      return;
    }
    String stream = filled(row, "stream", cells[header.indexOf("stream")]);
    String label = filled(row, "label", cells[header.indexOf("label")]);
    Optional<Long> start = micros(row, "start", cells[header.indexOf("start")]);
    Optional<Long> end = micros(row, "end", cells[header.indexOf("end")]);
    if (start.isEmpty() || end.isEmpty() || stream.isEmpty() || label.isEmpty()) {
      return;
    }
    if (end.get() <= start.get()) {
      problem(row, "the end must come after the start");
      return;
    }
    rows.add(new Row(row, new Truth.Interval(stream, start.get(), end.get(), label, start.get())));
  }

  private String filled(int row, String column, String cell) {
    if (cell.isEmpty()) {
      problem(row, "%s is empty".formatted(column));
    }
    return cell;
  }

  private Optional<Long> micros(int row, String column, String cell) {
    if (!SECONDS.matcher(cell).matches()) {
      problem(row, "%s is '%s': give seconds such as 12.5".formatted(column, cell));
      return Optional.empty();
    }
    return Optional.of(
        new BigDecimal(cell).movePointRight(6).setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  private void overlaps() {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(
        Comparator.comparing((Row row) -> row.interval().stream())
            .thenComparing(row -> row.interval().start()));
    Optional<Row> last = Optional.empty();
    for (Row row : sorted) {
      Optional<Row> before =
          last.filter(other -> other.interval().stream().equals(row.interval().stream()));
      if (before.isPresent() && row.interval().start() < before.get().interval().end()) {
        problem(row.number(), "overlaps row %d".formatted(before.get().number()));
      }
      boolean reachesFurther =
          before.isEmpty() || row.interval().end() > before.get().interval().end();
      last = reachesFurther ? Optional.of(row) : before;
    }
  }

  private void problem(int row, String problem) {
    problems.add("%s row %d: %s".formatted(name, row, problem));
  }

  private record Row(int number, Truth.Interval interval) {}
}

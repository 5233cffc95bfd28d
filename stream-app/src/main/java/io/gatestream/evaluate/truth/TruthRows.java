package io.gatestream.evaluate.truth;

import io.gatestream.errors.DataException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The rows of one truth file, checked; collects every problem before it throws. One thread. */
final class TruthRows {
  static final List<String> COLUMNS = List.of("stream", "start", "end", "label");

  private static final Pattern SECONDS = Pattern.compile("\\d{1,11}(\\.\\d{1,18})?");

  private final String name;
  private final List<String> problems = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final Set<String> streams = new TreeSet<>();

  TruthRows(String name) {
    this.name = name;
  }

  /** Adds a row as it is written; a list of no labels only names the stream. */
  void add(String place, String stream, String start, String end, List<String> labels) {
    boolean filled = filled(place, "stream", stream);
    for (String label : labels) {
      filled &= filled(place, "label", label);
    }
    Optional<Long> from = micros(place, "start", start);
    Optional<Long> to = micros(place, "end", end);
    if (!filled || from.isEmpty() || to.isEmpty()) {
      return;
    }
    if (to.get() <= from.get()) {
      problem(place, "the end must come after the start");
      return;
    }
    streams.add(stream);
    for (String label : labels) {
      rows.add(new Row(place, new Interval(stream, from.get(), to.get(), label, from.get())));
    }
  }

  /** Notes what is wrong at {@code place}, such as "row 7". */
  void problem(String place, String problem) {
    problems.add("%s %s: %s".formatted(name, place, problem));
  }

  /** Notes what is wrong with the whole file. */
  void problem(String problem) {
    problems.add(problem);
  }

  /**
   * The sound intervals.
   *
   * @param overlapping whether those of a stream may overlap
   * @throws DataException with every problem
   */
  List<Interval> checked(boolean overlapping) {
    if (!overlapping) {
      overlaps();
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return rows.stream().map(Row::interval).toList();
  }

  /** The streams that sound rows name. */
  Set<String> streams() {
    return Collections.unmodifiableSet(streams);
  }

  private boolean filled(String place, String column, String cell) {
    if (cell.isEmpty()) {
      problem(place, "%s is empty".formatted(column));
    }
    return !cell.isEmpty();
  }

  private Optional<Long> micros(String place, String column, String cell) {
    if (!SECONDS.matcher(cell).matches()) {
      problem(place, "%s is '%s': give seconds such as 12.5".formatted(column, cell));
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
        problem(row.place(), "overlaps %s".formatted(before.get().place()));
      }
      boolean reachesFurther =
          before.isEmpty() || row.interval().end() > before.get().interval().end();
      last = reachesFurther ? Optional.of(row) : before;
    }
  }

  private record Row(String place, Interval interval) {}
}

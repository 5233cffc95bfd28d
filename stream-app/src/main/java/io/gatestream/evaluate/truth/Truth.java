package io.gatestream.evaluate.truth;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.DataException;
import io.gatestream.errors.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The true labels of each stretch of each stream, by time since the source's start. Immutable.
 *
 * <p>A file whose name ends in {@code .json} is an array of objects {@code {"stream": "cam",
 * "start": 0, "end": 1.5, "label": "left"}}; {@code label} may be a list of labels, and an empty
 * list names a stream in which nothing is true. Every other file is CSV, UTF-8, the columns {@code
 * stream,start,end,label} named in the first row. Start and end are decimal seconds.
 */
public final class Truth {
  private static final Comparator<Interval> BY_TIME =
      Comparator.comparingLong(Interval::start)
          .thenComparingLong(Interval::end)
          .thenComparing(Interval::label);

  private final Map<String, List<Interval>> intervals;

  private Truth(Map<String, List<Interval>> intervals) {
    this.intervals = intervals;
  }

  /**
   * Reads a truth file of one label at a time.
   *
   * @throws DataException with every problem of the file, by row; overlaps are problems
   */
  public static Truth read(Path file) {
    return read(file, false);
  }

  /**
   * Reads a truth file in which intervals of a stream may overlap.
   *
   * @throws DataException with every problem of the file, by row
   */
  public static Truth readOverlapping(Path file) {
    return read(file, true);
  }

  private static Truth read(Path file, boolean overlapping) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), overlapping);
    } catch (NoSuchFileException e) {
      throw new ConfigException("the truth file %s does not exist".formatted(file), e);
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read the truth file %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  static Truth read(InputStream in, String name) throws IOException {
    return read(in, name, false);
  }

  static Truth read(InputStream in, String name, boolean overlapping) throws IOException {
    TruthRows rows = new TruthRows(name);
    if (name.toLowerCase(Locale.ROOT).endsWith(".json")) {
      new TruthJson(name, rows).read(in);
    } else {
      new TruthCsv(name, rows).read(in);
    }
    return new Truth(byStream(rows.checked(overlapping), rows.streams()));
  }

  /** The truth that {@code rows} tell, which may overlap. */
  public static Truth of(Collection<Interval> rows) {
    return new Truth(byStream(rows, rows.stream().map(Interval::stream).toList()));
  }

  private static Map<String, List<Interval>> byStream(
      Collection<Interval> rows, Collection<String> streams) {
    Map<String, List<Interval>> intervals = new TreeMap<>();
    streams.forEach(stream -> intervals.put(stream, new ArrayList<>()));
    rows.forEach(row -> intervals.computeIfAbsent(row.stream(), id -> new ArrayList<>()).add(row));
    intervals.replaceAll((stream, unsorted) -> carryChanges(unsorted));
    return intervals;
  }

  /** Makes touching intervals of one label one stretch: no change of truth lies between them. */
  private static List<Interval> carryChanges(List<Interval> unsorted) {
    List<Interval> sorted = unsorted.stream().sorted(BY_TIME).toList();
    Map<String, Interval> previous = new HashMap<>();
    List<Interval> carried = new ArrayList<>();
    for (Interval interval : sorted) {
      Interval current =
          Optional.ofNullable(previous.get(interval.label()))
              .filter(interval::continues)
              .map(interval::since)
              .orElse(interval);
      previous.put(interval.label(), current);
      carried.add(current);
    }
    return List.copyOf(carried);
  }

  /**
   * What is true of {@code stream} at {@code sourceTime}, or empty where the file says nothing. For
   * a truth without overlaps; of several intervals it may miss those that started earlier.
   *
   * @param sourceTime microseconds since the source's start
   */
  public Optional<Interval> at(String stream, long sourceTime) {
    List<Interval> sorted = intervals(stream);
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).start() <= sourceTime) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0
        ? Optional.empty()
        : Optional.of(sorted.get(low - 1)).filter(interval -> sourceTime < interval.end());
  }

  /** The intervals of {@code stream} by start; empty for one that the truth does not name. */
  public List<Interval> intervals(String stream) {
    return intervals.getOrDefault(stream, List.of());
  }

  /**
   * What the truth calls a session of a stream: {@code cam#2} where it names sessions of the stream
   * one by one, else {@code cam} for each of them.
   *
   * @param part 1 for the stream's first session
   * @return empty where it says nothing of that session
   */
  public Optional<String> nameOf(String stream, int part) {
    String own = part == 1 ? stream : "%s#%d".formatted(stream, part);
    if (intervals.containsKey(own)) {
      return Optional.of(own);
    }
    boolean oneByOne =
        intervals.keySet().stream()
            .anyMatch(
                name ->
                    name.startsWith(stream + "#")
                        && name.substring(stream.length() + 1).matches("[2-9]|[1-9][0-9]+"));
    return oneByOne || !intervals.containsKey(stream) ? Optional.empty() : Optional.of(stream);
  }

  /** The streams that the truth names. */
  public Set<String> streams() {
    return Set.copyOf(intervals.keySet());
  }
}

package io.gatestream.replay;

import io.gatestream.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The true label of each stretch of each stream, by time since the source's start. Immutable.
 *
 * <p>File format: CSV, UTF-8, the columns {@code stream,start,end,label} named in the first row;
 * start and end in decimal seconds.
 */
public final class Truth {
  private final Map<String, NavigableMap<Long, Interval>> intervals;

  private Truth(Map<String, NavigableMap<Long, Interval>> intervals) {
    this.intervals = intervals;
  }

  /**
   * Reads a truth file.
   *
   * @throws ConfigException with every problem of the file, by row
   */
  public static Truth read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    } catch (IOException e) {
      throw new ConfigException("cannot read the truth file %s: %s".formatted(file, e), e);
    }
  }

  static Truth read(InputStream in, String name) throws IOException {
    TruthRows rows = new TruthRows(name);
    rows.read(in);
    return of(rows.intervals());
  }

  /** Intervals that {@link TruthRows} found sound: they do not overlap. */
  private static Truth of(Collection<Interval> rows) {
    Map<String, NavigableMap<Long, Interval>> intervals = new TreeMap<>();
    for (Interval row : rows) {
      intervals.computeIfAbsent(row.stream(), stream -> new TreeMap<>()).put(row.start(), row);
    }
    intervals.values().forEach(Truth::carryChanges);
    return new Truth(intervals);
  }

  /** Makes touching intervals of one label one stretch: no change of truth lies between them. */
  private static void carryChanges(NavigableMap<Long, Interval> stream) {
    Optional<Interval> previous = Optional.empty();
    for (Map.Entry<Long, Interval> entry : stream.entrySet()) {
      Interval current = entry.getValue();
      Interval carried = previous.filter(current::continues).map(current::since).orElse(current);
      entry.setValue(carried);
      previous = Optional.of(carried);
    }
  }

  /**
   * What is true of {@code stream} at {@code sourceTime}, or empty where the file says nothing.
   *
   * @param sourceTime microseconds since the source's start
   */
  public Optional<Interval> at(String stream, long sourceTime) {
    return Optional.ofNullable(intervals.get(stream))
        .map(starts -> starts.floorEntry(sourceTime))
        .map(Map.Entry::getValue)
        .filter(interval -> sourceTime < interval.end());
  }

  public Set<String> streams() {
    return Set.copyOf(intervals.keySet());
  }

  /**
   * A stretch of one label, in microseconds since the source's start.
   *
   * @param start inclusive
   * @param end exclusive
   * @param changed when the truth last changed: {@code start}, or the start of an earlier interval
   *     of the same label that this one continues. The first interval of a stream counts as a
   *     change, since the model starts from nothing there.
   */
  public record Interval(String stream, long start, long end, String label, long changed) {
    public Interval {
      if (start < 0 || end <= start || changed > start) {
        throw new IllegalArgumentException(
            "interval %d..%d, changed at %d".formatted(start, end, changed));
      }
    }

    private boolean continues(Interval previous) {
      return previous.end == start && previous.label.equals(label);
    }

    private Interval since(Interval previous) {
      return new Interval(stream, start, end, label, previous.changed);
    }
  }
}

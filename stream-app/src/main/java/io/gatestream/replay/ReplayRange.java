package io.gatestream.replay;

import io.gatestream.errors.ConfigException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which frames are replayed: those of a time range or of an offset range, of some streams or all.
 * Times are capture times, which records carry in whole milliseconds; a segment counts by the time
 * of its first frame.
 *
 * @param from the first time; the topic's beginning where empty
 * @param to the time after the last; the topic's end where empty
 * @param warmUp frames so long before {@code from} advance states and are not labelled; {@link
 *     #FROM_BEGINNING} for all
 * @param offsets by partition; empty for all offsets
 * @param streams a pattern for stream ids: {@code *} is any text, {@code ?} one character
 */
public record ReplayRange(
    Optional<Instant> from,
    Optional<Instant> to,
    Duration warmUp,
    Map<Integer, OffsetSpan> offsets,
    String streams) {
  /** Longer than any topic is old. */
  public static final Duration FROM_BEGINNING = Duration.ofDays(1_000_000);

  /** Everything that is in the topic at the start. */
  public static final ReplayRange ALL =
      new ReplayRange(Optional.empty(), Optional.empty(), Duration.ZERO, Map.of(), "*");

  private static final int LONGEST_GLOB = 1_000;

  public ReplayRange {
    offsets = Map.copyOf(offsets);
    if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
      throw new ConfigException(
          "--from %s is not before --to %s: swap them, or leave one out"
              .formatted(from.get(), to.get()));
    }
    if (!offsets.isEmpty() && (from.isPresent() || to.isPresent())) {
      throw new ConfigException("give --offsets or --from and --to, not both");
    }
    if (warmUp.isNegative()) {
      throw new ConfigException("--warm-up is %s: give 0 or more".formatted(warmUp));
    }
    if (!warmUp.isZero() && from.isEmpty()) {
      throw new ConfigException("--warm-up comes before --from: give --from as well");
    }
    if (streams.isEmpty() || streams.length() > LONGEST_GLOB) {
      throw new ConfigException(
          "--streams has %d characters: give 1 to %d".formatted(streams.length(), LONGEST_GLOB));
    }
  }

  /** First millisecond that is labelled. */
  long fromMillis() {
    return from.map(ReplayRange::ceiling).orElse(Long.MIN_VALUE);
  }

  /** First millisecond that is read. */
  long readFromMillis() {
    return from.map(time -> Math.max(0, ceiling(time.minus(warmUp)))).orElse(Long.MIN_VALUE);
  }

  /** The millisecond after the last. */
  long toMillis() {
    return to.map(ReplayRange::ceiling).orElse(Long.MAX_VALUE);
  }

  private static long ceiling(Instant time) {
    long millis = time.toEpochMilli();
    return Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
  }

  /** In words, equal for equal ranges. */
  @Override
  public String toString() {
    String frames =
        offsets.isEmpty()
            ? "from %s to %s"
                .formatted(
                    from.map(Instant::toString).orElse("the beginning"),
                    to.map(Instant::toString).orElse("the end"))
            : "offsets " + new TreeMap<>(offsets);
    String before = warmUp.equals(FROM_BEGINNING) ? "everything" : warmUp.toString();
    return "%s%s, streams %s"
        .formatted(frames, warmUp.isZero() ? "" : " after a warm-up of " + before, streams);
  }
}

package io.gatestream.clip;

import io.gatestream.errors.ConfigException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which part of which stream.
 *
 * @param partition where the stream lies, if that is known: labels and events lie in the partition
 *     of their frames
 * @param session whose frames count where several sessions were recorded of the same time, in
 *     microseconds since the epoch; else the newer session counts
 * @param from the first capture time
 * @param to the last capture time
 */
public record ClipSpan(
    String stream, OptionalInt partition, OptionalLong session, Instant from, Instant to) {
  /** Times in the file are whole numbers of 31 bits. */
  static final Duration LONGEST = Duration.ofDays(20);

  /**
   * Checks it.
   *
   * @throws ConfigException it ends before it begins, or is too long
   */
  public ClipSpan {
    if (!from.isBefore(to)) {
      throw new ConfigException(
          "the clip would end at %s, which is not after its beginning at %s".formatted(to, from));
    }
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw new ConfigException(
          "the clip would last %d days: a clip may last %d at most"
              .formatted(Duration.between(from, to).toDays(), LONGEST.toDays()));
    }
  }

  /** A span of a stream of which nothing else is known. */
  public static ClipSpan of(String stream, Instant from, Instant to) {
    return new ClipSpan(stream, OptionalInt.empty(), OptionalLong.empty(), from, to);
  }

  /** Whether frames of a session tell by their times that the span is over. */
  boolean counts(long other) {
    return session.isEmpty() || other >= session.getAsLong(); // a later one comes after it
  }

  Duration length() {
    return Duration.between(from, to);
  }
}

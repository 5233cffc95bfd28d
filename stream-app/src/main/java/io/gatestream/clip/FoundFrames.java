package io.gatestream.clip;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.DataException;
import io.gatestream.frame.Micros;
import io.gatestream.labels.SeenRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;

/**
 * The frames of a span, as a first reading of the topic finds them: without their pictures.
 *
 * @param unreadable records of the stream in the span that are no frames
 * @param keptSince the oldest record, where that is within the span or behind it and older ones are
 *     gone; the epoch's last instant where none is left
 * @param partition where they lie
 * @param streams whose records were seen
 */
record FoundFrames(
    ClipSpan span,
    String topic,
    FrameIndex index,
    long unreadable,
    Optional<Instant> keptSince,
    OptionalInt partition,
    SortedSet<String> streams) {
  private static final int MOST_NAMES = 10;

  static FoundFrames of(
      ClipSpan span, String topic, FrameIndex index, long unreadable, SeenRecords seen) {
    Optional<Instant> keptSince =
        seen.keptSince().isPresent() && seen.keptSince().getAsLong() > span.from().toEpochMilli()
            ? Optional.of(Instant.ofEpochMilli(seen.keptSince().getAsLong()))
            : Optional.empty();
    return new FoundFrames(
        span, topic, index, unreadable, keptSince, seen.partition(), seen.streams());
  }

  /**
   * Refuses a span without a frame.
   *
   * @throws ConfigException the topic has none of such a stream then
   * @throws DataException they may have been there, and are gone; or none can be read
   */
  void requireSome() {
    if (!index.frames().isEmpty()) {
      return;
    }
    String none =
        "topic '%s' has no frame of stream '%s' from %s to %s"
            .formatted(topic, span.stream(), span.from(), span.to());
    if (unreadable > 0) {
      throw new DataException(
          "%s: %d records of the stream are no frames".formatted(none, unreadable));
    }
    if (keptSince.isPresent()) {
      throw new DataException(
          keptSince.get().toEpochMilli() == Long.MAX_VALUE
              ? none + ": retention or somebody took all there was"
              : "%s: retention took what is older than %s".formatted(none, keptSince.get()));
    }
    throw new ConfigException(none + hint());
  }

  private String hint() {
    if (streams.contains(span.stream())) {
      return ": it has some at other times, name one of these";
    }
    if (streams.isEmpty()) {
      return ": give a time of which there are frames";
    }
    List<String> names = new ArrayList<>(streams).subList(0, Math.min(MOST_NAMES, streams.size()));
    return ": streams of that time and later are '%s'%s"
        .formatted(String.join("', '", names), streams.size() > names.size() ? " and more" : "");
  }

  /** A line for each thing that is not as it was asked for. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    keptSince.ifPresent(since -> notes.add(cut(since)));
    if (index.missing() > 0) {
      notes.add(
          "%d frames are missing in topic '%s', the first after %s: they were lost before it, or deleted"
              .formatted(
                  index.missing(), topic, Micros.instant(index.missingAfter().orElseThrow())));
    }
    if (unreadable > 0) {
      notes.add(
          "%d records of the stream in topic '%s' are no frames, and are left out"
              .formatted(unreadable, topic));
    }
    if (index.repeated() > 0) {
      notes.add(
          "%d frames were sent more than once, or again in another session, and are in it once"
              .formatted(index.repeated()));
    }
    return notes;
  }

  /** Until the first frame that is left. */
  private String cut(Instant since) {
    Instant first = Micros.instant(index.frames().get(0).captured());
    Duration lost = Duration.between(span.from(), first.isBefore(since) ? since : first);
    return "the first %.1f s, from %s on, are missing: topic '%s' keeps nothing older than %s (retention)"
        .formatted(lost.toMillis() / 1e3, span.from(), topic, since);
  }
}

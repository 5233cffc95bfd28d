package io.gatestream.clip;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.frame.Micros;
import io.gatestream.labels.EventReader;
import io.gatestream.labels.ReadEvent;
import io.gatestream.labels.StartPoint;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.LabelEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Finds an event in a topic of events, and the span of its stream that it lasted. */
public final class EventSpan {
  private static final Duration WAIT = Duration.ofMillis(250);
  private static final int MOST_NAMED = 5;

  private final ReadEvent latest;

  EventSpan(ReadEvent latest) {
    this.latest = latest;
  }

  /**
   * Reads the committed events and takes the latest record of the one that is meant.
   *
   * @param id the event's, or how it begins
   * @param onOpen gets the reader once it is open, to stop it from elsewhere
   * @return empty where the reader was stopped
   * @throws ConfigException no event has such an id, or several have; or the topic does not exist
   * @throws io.gatestream.errors.OutageException it may not be read, or no broker answered in time
   */
  public static Optional<EventSpan> find(
      KafkaAccess access, String topic, String id, Consumer<EventReader> onOpen) {
    String beginning = id.toLowerCase(Locale.ROOT);
    Map<String, ReadEvent> found = new LinkedHashMap<>();
    try (EventReader reader = EventReader.open(access, topic, new StartPoint.Beginning())) {
      onOpen.accept(reader);
      while (!reader.caughtUp()) {
        for (ReadEvent read : reader.poll(WAIT)) {
          if (read.event().getEventId().startsWith(beginning)) {
            found.put(read.event().getEventId(), read);
          }
        }
      }
      if (reader.stopped()) {
        return Optional.empty();
      }
      reader.foreign().requireOwn(true);
    }
    return Optional.of(new EventSpan(only(found, topic, id)));
  }

  static ReadEvent only(Map<String, ReadEvent> found, String topic, String id) {
    if (found.isEmpty()) {
      throw new ConfigException(
          "topic '%s' has no event %s: './gatestream events' prints the ids of those it has"
              .formatted(topic, id));
    }
    if (found.size() > 1) {
      throw new ConfigException(
          "the ids of %d events in topic '%s' begin with %s, such as %s: give more of it"
              .formatted(
                  found.size(),
                  topic,
                  id,
                  String.join(", ", found.keySet().stream().limit(MOST_NAMED).toList())));
    }
    return found.values().iterator().next();
  }

  /** The event's last record so far. */
  public LabelEvent event() {
    return latest.event();
  }

  /** Whether it has not ended: the span then ends with its last record. */
  public boolean isOpen() {
    return event().getPhase() != EventPhase.END;
  }

  /** From so long before its first frame to so long after its last. */
  public ClipSpan span(Duration before, Duration after) {
    Instant from = event().getStartCaptureTime().minus(before);
    Instant to = event().getEndCaptureTime().plus(after);
    return new ClipSpan(
        event().getStreamId(),
        OptionalInt.of(latest.partition()),
        OptionalLong.of(Micros.of(event().getSession())),
        from,
        from.isBefore(to) ? to : from.plusMillis(1)); // an event of one frame
  }
}

package io.gatestream.stream.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;

/** The names of events. */
public final class EventIds {
  private EventIds() {}

  /**
   * The id of an event, the same whoever makes it: a UUID of version 3 (RFC 9562) over session,
   * first sequence, the label with its length, and the stream id.
   */
  public static String of(String streamId, OpenEvent event) {
    String name =
        "%d %d %d %s%s"
            .formatted(
                event.first().session(),
                event.first().sequence(),
                event.label().length(),
                event.label(),
                streamId);
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
  }
}

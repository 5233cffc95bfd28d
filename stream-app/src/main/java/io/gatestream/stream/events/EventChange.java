package io.gatestream.stream.events;

import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.Reset;

/**
 * Something to be told of an event.
 *
 * @param event as it is then
 * @param reason why it ended, NONE before
 * @param reset which reset ended it, or NONE
 */
public record EventChange(EventPhase phase, OpenEvent event, EndReason reason, Reset reset) {
  static EventChange of(EventPhase phase, OpenEvent event) {
    return new EventChange(phase, event, EndReason.NONE, Reset.NONE);
  }
}

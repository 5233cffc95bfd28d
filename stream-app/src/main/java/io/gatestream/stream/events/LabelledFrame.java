package io.gatestream.stream.events;

import io.gatestream.schema.Reset;
import io.gatestream.stream.events.OpenEvent.First;
import io.gatestream.stream.events.OpenEvent.Moment;

/**
 * A labelled frame, as events see it.
 *
 * @param reset why the stream began anew with it, or NONE
 * @param previous capture time of the stream's labelled frame before it
 */
public record LabelledFrame(
    String streamId, long session, long sequence, Moment at, Reset reset, long previous) {
  /** Microseconds since the frame before, 0 where that is later. */
  long elapsed() {
    return Math.max(0, at.captureTime() - previous);
  }

  First first() {
    return new First(session, sequence, at);
  }
}

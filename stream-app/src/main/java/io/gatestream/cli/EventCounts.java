package io.gatestream.cli;

import io.gatestream.schema.EventPhase;
import io.gatestream.schema.LabelEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many events began, by stream and by class.
 *
 * @param open that have not ended
 */
record EventCounts(Map<String, Long> byStream, Map<String, Long> byClass, long begun, long open) {
  /** There are no rules for events. */
  static final EventCounts NONE = new EventCounts(Map.of(), Map.of(), 0, 0);

  static EventCounts of(List<LabelEvent> events) {
    Map<String, Long> byStream = new HashMap<>();
    Map<String, Long> byClass = new HashMap<>();
    long begun = 0;
    long ended = 0;
    for (LabelEvent event : events) {
      if (event.getPhase() == EventPhase.START) {
        begun++;
        byStream.merge(event.getStreamId(), 1L, Long::sum);
        byClass.merge(event.getLabel(), 1L, Long::sum);
      } else if (event.getPhase() == EventPhase.END) {
        ended++;
      }
    }
    return new EventCounts(byStream, byClass, begun, begun - ended);
  }
}

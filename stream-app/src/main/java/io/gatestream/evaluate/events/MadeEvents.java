package io.gatestream.evaluate.events;

import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.PredictedEvent;
import io.gatestream.evaluate.score.ScoredFrame;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.model.EventRules;
import io.gatestream.schema.EventPhase;
import io.gatestream.stream.events.EventChange;
import io.gatestream.stream.events.EventTracker;
import io.gatestream.stream.events.LabelledFrame;
import io.gatestream.stream.events.OpenEvent;
import io.gatestream.stream.events.OpenEvent.Moment;
import io.gatestream.stream.events.StreamEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events that {@code run} makes of labels under some rules. They depend on the labels' scores,
 * times and resets alone, so labels that are there already give them, whatever rules they were made
 * under.
 */
public final class MadeEvents {
  private MadeEvents() {}

  /** Those of each stream, by its scored name. */
  public static Map<String, List<PredictedEvent>> of(List<ScoredStream> streams, EventRules rules) {
    EventTracker tracker = new EventTracker(rules);
    Map<String, List<PredictedEvent>> made = new HashMap<>();
    streams.forEach(stream -> made.put(stream.name(), of(stream, tracker)));
    return made;
  }

  private static List<PredictedEvent> of(ScoredStream stream, EventTracker tracker) {
    List<PredictedEvent> made = new ArrayList<>();
    Map<OpenEvent.First, Map<String, Long>> announced = new HashMap<>();
    long[] starts = stream.frames().stream().mapToLong(ScoredFrame::sourceTime).toArray();
    long[] ends = stream.frameEnds();
    StreamEvents now = StreamEvents.NONE;
    long previous = 0;
    for (ScoredFrame frame : stream.frames()) {
      LabelledFrame labelled =
          new LabelledFrame(
              stream.stream(),
              stream.part(),
              frame.sequence(),
              new Moment(frame.captureTime(), frame.sourceTime()),
              frame.reset(),
              previous);
      EventTracker.Result result =
          tracker.advance(now, labelled, scores(frame, stream.classes().count()));
      now = result.after();
      previous = frame.captureTime();
      for (EventChange change : result.changes()) {
        OpenEvent event = change.event();
        Map<String, Long> begun =
            announced.computeIfAbsent(event.first(), first -> new HashMap<>());
        if (change.phase() == EventPhase.START) {
          begun.put(event.label(), frame.sourceTime());
        } else if (change.phase() == EventPhase.END) {
          made.add(predicted(stream.classes(), event, begun, starts, ends));
        }
      }
    }
    for (OpenEvent event : now.open()) { // the labels end before it does
      if (event.announced()) {
        made.add(
            predicted(
                stream.classes(),
                event,
                announced.getOrDefault(event.first(), Map.of()),
                starts,
                ends));
      }
    }
    return made;
  }

  /** A score that was cut off from the label is less than those that were not. */
  private static float[] scores(ScoredFrame frame, int classes) {
    float[] scores = new float[classes];
    for (int label = 0; label < classes; label++) {
      float score = frame.score(label);
      scores[label] = Float.isNaN(score) ? 0 : score;
    }
    return scores;
  }

  private static PredictedEvent predicted(
      Classes classes, OpenEvent event, Map<String, Long> begun, long[] starts, long[] ends) {
    long start = event.first().at().sourceTime();
    int last = Arrays.binarySearch(starts, event.last().sourceTime());
    return new PredictedEvent(
        classes.labels().indexOf(event.label()),
        start,
        ends[last],
        begun.getOrDefault(event.label(), start));
  }
}

package io.gatestream.stream.events;

import io.gatestream.model.EventRule;
import io.gatestream.model.EventRules;
import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.Reset;
import io.gatestream.stream.events.StreamEvents.Silenced;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a stream's events from the scores of its labelled frames: a function of these, of what is
 * kept of the stream, and of the rules. Of single events {@link EventCourse} decides. Immutable.
 */
public final class EventTracker {
  private final EventRules rules;
  private final long classes;

  public EventTracker(EventRules rules) {
    this.rules = rules;
    this.classes = fingerprint(rules);
  }

  /** Of the classes alone: with other thresholds events go on. FNV-1a, never 0. */
  private static long fingerprint(EventRules rules) {
    long hash = 0xcbf29ce484222325L;
    for (EventRule rule : rules.rules()) {
      String name = rule.name().length() + " " + rule.name();
      for (int i = 0; i < name.length(); i++) {
        hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
      }
    }
    return hash == 0 ? 1 : hash;
  }

  /** What is kept from now on, and what is to be told, in this order. */
  public record Result(StreamEvents after, List<EventChange> changes) {}

  /** Whether there is anything to do. */
  public boolean isOff() {
    return rules.isEmpty();
  }

  /** Microseconds without a frame after which a stream is silent. */
  public long idle() {
    return rules.idle();
  }

  /**
   * Goes on with a labelled frame.
   *
   * @param scores 0 to 1, in the order of the bundle's labels
   */
  public Result advance(StreamEvents before, LabelledFrame frame, float[] scores) {
    List<EventChange> changes = new ArrayList<>(0);
    boolean fresh =
        frame.reset() != Reset.NONE
            || before.classes() != classes
            || before.scores().length != rules.rules().size();
    StreamEvents now = fresh || isSilent(frame) ? interrupted(before, frame, changes) : before;
    float[] smoothed = new float[rules.rules().size()];
    List<OpenEvent> open = new ArrayList<>(now.open().size());
    int next = 0;
    long smoothing = 0; // of the last rule: most have the same, and so the same share
    double share = 1;
    for (int i = 0; i < smoothed.length; i++) {
      EventRule rule = rules.rules().get(i);
      float score = scores[rule.label()];
      if (rule.smoothing() != smoothing) {
        smoothing = rule.smoothing();
        share = share(smoothing, frame.elapsed());
      }
      smoothed[i] = fresh ? score : smooth(now.scores()[i], score, smoothing, share);
      OpenEvent known = null;
      if (next < now.open().size() && now.open().get(next).label().equals(rule.name())) {
        known = now.open().get(next++); // both are in the order of the rules
      }
      if (known == null && smoothed[i] < rule.enter()) {
        continue; // nothing lasts, and nothing begins
      }
      EventCourse course = new EventCourse(rule, frame, smoothed[i], score, changes);
      OpenEvent event = known == null ? null : course.next(known);
      if (event == null) {
        event = course.begin(continued(now, rule));
      }
      if (event != null) {
        open.add(course.tell(event, rules.update()));
      }
    }
    return new Result(new StreamEvents(classes, smoothed, open, List.of()), changes);
  }

  /** The exponential filter by time: the same curve whatever the frame rate. */
  private static float smooth(float before, float score, long smoothing, double share) {
    return smoothing == 0 ? score : (float) (before + share * ((double) score - before));
  }

  /** What a frame weighs in the filter. */
  private static double share(long smoothing, long elapsed) {
    return smoothing == 0 ? 1 : -StrictMath.expm1(-(double) elapsed / smoothing);
  }

  private boolean isSilent(LabelledFrame frame) {
    return frame.elapsed() >= rules.idle();
  }

  /** Before a frame that no event goes on with. */
  private StreamEvents interrupted(
      StreamEvents before, LabelledFrame frame, List<EventChange> changes) {
    if (before.open().isEmpty()) {
      return before;
    }
    if (isSilent(frame)) {
      return silenced(before, frame.streamId(), changes);
    }
    EndReason reason =
        switch (frame.reset()) {
          case NONE -> EndReason.RULES_CHANGED;
          case MODEL_CHANGED -> EndReason.MODEL_CHANGED;
          default -> EndReason.RESET;
        };
    end(before, reason, frame.reset(), changes);
    return before.closed(List.of());
  }

  private static void end(
      StreamEvents before, EndReason reason, Reset reset, List<EventChange> changes) {
    for (OpenEvent event : before.open()) {
      if (event.announced()) {
        changes.add(new EventChange(EventPhase.END, event, reason, reset));
      }
    }
  }

  private static StreamEvents silenced(
      StreamEvents before, String streamId, List<EventChange> changes) {
    end(before, EndReason.IDLE, Reset.NONE, changes);
    return before.closed(
        before.open().stream()
            .filter(OpenEvent::announced)
            .map(event -> new Silenced(event.label(), EventIds.of(streamId, event)))
            .toList());
  }

  private static String continued(StreamEvents now, EventRule rule) {
    for (Silenced ended : now.silenced()) {
      if (ended.label().equals(rule.name())) {
        return ended.eventId();
      }
    }
    return "";
  }

  /** Ends all of a stream that has been silent by the wall clock. */
  public Result silence(StreamEvents before, String streamId) {
    List<EventChange> changes = new ArrayList<>();
    StreamEvents after = silenced(before, streamId, changes);
    return new Result(after, changes);
  }

  /** Ends all of a stream because somebody asks for it. */
  public Result close(StreamEvents before) {
    List<EventChange> changes = new ArrayList<>();
    end(before, EndReason.REQUESTED, Reset.NONE, changes);
    return new Result(before.closed(List.of()), changes);
  }
}

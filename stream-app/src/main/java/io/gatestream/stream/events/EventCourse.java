package io.gatestream.stream.events;

import io.gatestream.model.EventRule;
import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.Reset;
import io.gatestream.stream.events.OpenEvent.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One frame for one class. An event rises while the smoothed score is at least {@code enter}, and
 * is on once that has lasted. It falls while the score is below {@code exit}. Once that has lasted
 * it ends with the frame before the fall, unless it comes up again within {@code merge}. It is
 * announced when it has been on for as long as {@code least} says. Used by one thread.
 */
final class EventCourse {
  private final EventRule rule;
  private final LabelledFrame frame;
  private final float smoothed;
  private final float score;
  private final List<EventChange> changes;
  private final long now;

  EventCourse(
      EventRule rule, LabelledFrame frame, float smoothed, float score, List<EventChange> changes) {
    this.rule = rule;
    this.frame = frame;
    this.smoothed = smoothed;
    this.score = score;
    this.changes = changes;
    this.now = frame.at().captureTime();
  }

  private boolean isUp() {
    return smoothed >= rule.enter();
  }

  /** An event that begins with this frame; null where none does. */
  @Nullable OpenEvent begin(String continues) {
    return isUp() ? risen(OpenEvent.rising(rule.name(), frame.first(), score, continues)) : null;
  }

  private OpenEvent risen(OpenEvent event) {
    boolean held = now - event.first().at().captureTime() >= rule.enterTime();
    return held ? event.in(Phase.ON) : event;
  }

  /** An open event after this frame; null where it has ended, which is told then. */
  @Nullable OpenEvent next(OpenEvent event) {
    return switch (event.phase()) {
      case RISING -> isUp() ? risen(event.counting(Phase.RISING, frame.at(), score)) : null;
      case ON -> isDown() ? fallen(event, now) : event.counting(Phase.ON, frame.at(), score);
      case FALLING ->
          isDown() ? fallen(event, event.since()) : event.counting(Phase.ON, frame.at(), score);
      case GAP -> inGap(event);
    };
  }

  private boolean isDown() {
    return smoothed < rule.exit();
  }

  private @Nullable OpenEvent fallen(OpenEvent event, long since) {
    if (now - since < rule.exitTime()) {
      return event.waiting(Phase.FALLING, score, since, OpenEvent.NEVER);
    }
    return now - since < rule.merge()
        ? event.waiting(Phase.GAP, score, since, OpenEvent.NEVER)
        : ended(event);
  }

  private @Nullable OpenEvent inGap(OpenEvent event) {
    boolean rising = event.again() != OpenEvent.NEVER;
    if (isUp() && (rising || now - event.since() < rule.merge())) {
      long again = rising ? event.again() : now;
      return now - again >= rule.enterTime()
          ? event.counting(Phase.ON, frame.at(), score)
          : event.waiting(Phase.GAP, score, event.since(), again);
    }
    return now - event.since() < rule.merge()
        ? event.waiting(Phase.GAP, score, event.since(), OpenEvent.NEVER)
        : ended(event);
  }

  private @Nullable OpenEvent ended(OpenEvent event) {
    if (event.announced()) {
      changes.add(new EventChange(EventPhase.END, event, EndReason.LABEL_ENDED, Reset.NONE));
    }
    return null;
  }

  /** Tells of the event what is due, and returns it with that noted. */
  OpenEvent tell(OpenEvent event, long update) {
    EventPhase phase;
    if (!event.announced()) {
      if (event.phase() != Phase.ON || now - event.first().at().captureTime() < rule.least()) {
        return event;
      }
      phase = EventPhase.START;
    } else if (update > 0 && now - event.said() >= update) {
      phase = EventPhase.UPDATE;
    } else {
      return event;
    }
    OpenEvent said = event.saidAt(now);
    changes.add(EventChange.of(phase, said));
    return said;
  }
}

package io.gatestream.stream;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.Micros;
import io.gatestream.lookahead.FrameRecord;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.Scores;
import io.gatestream.model.StepCall;
import io.gatestream.schema.Frame;
import io.gatestream.stream.events.EventChange;
import io.gatestream.stream.events.EventTracker;
import io.gatestream.stream.events.LabelledFrame;
import io.gatestream.stream.events.OpenEvent;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.steps.RecordCourse;
import io.gatestream.stream.steps.RecordRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stream's next state, its labels and its events from its state and one record. A label
 * depends on these, the bundle and the settings only, never on how the lookahead came by features
 * or steps; nothing is read or written elsewhere. Immutable.
 */
final class FrameAdvance {
  private final RecordRules rules;
  private final LabelMaker labels;
  private final EventTracker events;

  FrameAdvance(RecordRules rules, LabelMaker labels, EventTracker events) {
    this.rules = rules;
    this.labels = labels;
    this.events = events;
  }

  /** Makes the steps of one record, here and now or by what was made ahead. */
  interface Steps {
    /** The result of a call; {@code picture} is its number within the record. */
    RecurrentStep.Result of(StepCall call, int picture);
  }

  /** What is wrong with a key, by which the record belongs to no stream. */
  static Optional<FrameDecodeException> badKey(byte @Nullable [] key) {
    if (key == null) {
      return Optional.of(new FrameDecodeException(Reason.KEY_MISMATCH, "the record has no key"));
    }
    return key.length <= StreamPolicy.LONGEST_KEY
        ? Optional.empty()
        : Optional.of(
            new FrameDecodeException(
                Reason.KEY_MISMATCH,
                "a key of %d bytes; a stream id has %d at most"
                    .formatted(key.length, StreamPolicy.LONGEST_KEY)));
  }

  /**
   * Advances by one record, all of it or nothing.
   *
   * @param key the stream id
   * @param before the stream's state, already at the record's offset
   * @param overloaded whether frames that would be labelled are skipped undecoded
   */
  Advanced advance(
      byte[] key, FrameRecord record, StreamState before, boolean overloaded, Steps steps) {
    int frames = 1; // what does not parse counts as one
    try {
      Frame frame = record.frame();
      frames = frame.getFrameCount();
      return decided(
          new RecordCourse(rules, key, frame, record, before, overloaded), before, steps);
    } catch (FrameDecodeException bad) {
      return new Advanced.Rejected(before.with(before.progress().withRejected(frames)), bad);
    }
  }

  private Advanced decided(RecordCourse course, StreamState before, Steps steps)
      throws FrameDecodeException {
    Frame frame = course.frame();
    List<Advanced.Label> made = new ArrayList<>(1);
    List<EventChange> changes = new ArrayList<>(0);
    StreamEvents open = before.events();
    long previous = before.progress().lastStepTime();
    for (StepCall call = course.next(); call != null; call = course.next()) {
      RecordCourse.Stepped done = course.stepped(steps.of(call, course.picture()));
      if (done != null) {
        Scores scores = labels.classify(done.result().logits());
        if (events.isOff()) {
          open = open.unseen();
        } else {
          EventTracker.Result told =
              events.advance(open, labelled(frame, done, previous), scores.byLabel());
          open = told.after();
          changes.addAll(told.changes());
        }
        previous = done.captureTime();
        byte[] label =
            labels.encode(
                frame,
                done.picture(),
                done.captureTime(),
                done.sourceTime(),
                done.decision(),
                scores,
                open);
        made.add(new Advanced.Label(label, done.captureTime(), done.decision().reset()));
      }
    }
    StreamState after = made.isEmpty() ? course.state() : course.state().with(open);
    return new Advanced.Decided(after, frame, made, changes, course.cause(), course.overrun());
  }

  private static LabelledFrame labelled(Frame frame, RecordCourse.Stepped done, long previous) {
    return new LabelledFrame(
        frame.getStreamId(),
        Micros.of(frame.getSession()),
        frame.getSequence() + done.picture(),
        new OpenEvent.Moment(done.captureTime(), done.sourceTime()),
        done.decision().reset(),
        previous);
  }
}

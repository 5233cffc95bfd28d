package io.gatestream.stream;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.lookahead.FrameRecord;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.StepCall;
import io.gatestream.schema.Frame;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.steps.RecordCourse;
import io.gatestream.stream.steps.RecordRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stream's next state and its labels from its state and one record. A label depends on
 * these, the bundle and the settings only, never on how the lookahead came by features or steps;
 * nothing is read or written elsewhere. Immutable.
 */
final class FrameAdvance {
  private final RecordRules rules;
  private final LabelMaker labels;

  FrameAdvance(RecordRules rules, LabelMaker labels) {
    this.rules = rules;
    this.labels = labels;
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
      return decided(new RecordCourse(rules, key, frame, record, before, overloaded), steps);
    } catch (FrameDecodeException bad) {
      return new Advanced.Rejected(before.with(before.progress().withRejected(frames)), bad);
    }
  }

  private Advanced decided(RecordCourse course, Steps steps) throws FrameDecodeException {
    Frame frame = course.frame();
    List<Advanced.Label> made = new ArrayList<>(1);
    for (StepCall call = course.next(); call != null; call = course.next()) {
      RecordCourse.Stepped done = course.stepped(steps.of(call, course.picture()));
      if (done != null) {
        byte[] label =
            labels.encode(
                frame,
                done.picture(),
                done.captureTime(),
                done.sourceTime(),
                done.decision(),
                done.result().logits());
        made.add(new Advanced.Label(label, done.captureTime(), done.decision().reset()));
      }
    }
    return new Advanced.Decided(course.state(), frame, made, course.cause(), course.overrun());
  }
}

package io.gatestream.stream.steps;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.Micros;
import io.gatestream.lookahead.EncodedRecord;
import io.gatestream.lookahead.FrameRecord;
import io.gatestream.model.Classifier;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.StepCall;
import io.gatestream.schema.Frame;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.state.StreamState;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way through its stream's policy and state: it says which step it needs, is told
 * what the step gave, and so on to its last picture. It is a function of record, state and rules
 * alone, so it may be begun early and thrown away: the processor and the steps ahead go the same
 * way. Used by one thread.
 */
public final class RecordCourse {
  private final RecordRules rules;
  private final FrameRecord record;
  private final Frame frame;
  private final PictureDecisions decisions;
  private final Admission.Cause cause;
  private int end;
  private int overrun;
  private @Nullable EncodedRecord pictures;
  private StreamState now;
  private int picture;
  private Decision.@Nullable Step open;

  /** A picture that has its logits. */
  public record Stepped(
      int picture,
      long captureTime,
      long sourceTime,
      Decision.Step decision,
      RecurrentStep.Result result) {}

  /**
   * Begins with a record.
   *
   * @param frame the record's own
   * @param before the stream's state, already at the record's offset
   * @param overloaded whether frames that would be labelled are skipped undecoded
   * @throws FrameDecodeException the record is bad
   */
  public RecordCourse(
      RecordRules rules,
      byte[] key,
      Frame frame,
      FrameRecord record,
      StreamState before,
      boolean overloaded)
      throws FrameDecodeException {
    this.rules = rules;
    this.record = record;
    this.frame = frame;
    rules.check(frame, key);
    int count = frame.getFrameCount();
    long captureTime = Micros.of(frame.getCaptureTime());
    Admission admission =
        rules
            .policy()
            .admit(
                before.progress(),
                Micros.of(frame.getSession()),
                frame.getSequence(),
                count,
                captureTime);
    this.now = before.with(admission.progress());
    this.decisions = new PictureDecisions(rules.policy(), frame, now.progress());
    this.cause =
        admission instanceof Admission.Dropped dropped
            ? dropped.cause()
            : Admission.Cause.SEQUENCE; // frames that are dropped within it are repeated ones
    if (admission instanceof Admission.Dropped) {
      return;
    }
    // its first picture has the frame's own capture time: a single one may be skipped undecoded
    if (count == 1 && decisions.of(0, captureTime) instanceof Decision.Skip skip) {
      now = now.with(skip.after());
    } else if (overloaded) {
      overrun = count;
      now = now.with(now.progress().withOverrun(count));
    } else {
      end = count;
    }
  }

  public Frame frame() {
    return frame;
  }

  /** Why frames were dropped, where some were. */
  public Admission.Cause cause() {
    return cause;
  }

  /** Frames skipped because the partition lags too much. */
  public int overrun() {
    return overrun;
  }

  /** The stream's state after the pictures that are done. */
  public StreamState state() {
    return now;
  }

  /** The picture that {@link #next} speaks of. */
  public int picture() {
    return picture;
  }

  /**
   * The step that the record needs next; null where it needs none any more.
   *
   * @throws FrameDecodeException the record is bad
   */
  public @Nullable StepCall next() throws FrameDecodeException {
    for (; picture < end; picture++) {
      EncodedRecord encoded = pictures();
      Decision decision = decisions.of(picture, encoded.captureTime(picture));
      if (decision instanceof Decision.Step step) {
        open = step;
        return new StepCall(
            encoded.features(picture).orElseThrow(),
            step.reset() == Reset.NONE ? now.tensors() : rules.initialState(),
            step.elapsed(),
            rules.auxiliary(frame));
      }
      now = now.with(decision.after());
    }
    return null;
  }

  private EncodedRecord pictures() throws FrameDecodeException {
    EncodedRecord known = pictures;
    if (known == null) {
      known = record.pictures(decisions);
      for (int i = 0; i < end; i++) {
        rules.checkTime("capture time of picture " + i, known.captureTime(i));
      }
      pictures = known;
    }
    return known;
  }

  /**
   * Takes what the step gave that {@link #next} asked for.
   *
   * @return the picture; null where the state was not finite, and the picture begins it anew:
   *     {@link #next} asks for another step
   * @throws FrameDecodeException the model gives no finite numbers for it
   */
  public @Nullable Stepped stepped(RecurrentStep.Result result) throws FrameDecodeException {
    Decision.Step decision = open;
    if (decision == null) {
      throw new IllegalStateException("no step was asked for");
    }
    open = null;
    if (!Classifier.isFinite(result)) {
      if (decision.reset() != Reset.NONE) {
        throw new FrameDecodeException(
            Reason.NOT_FINITE, "the model gives values that are no finite numbers for this frame");
      }
      decisions.beginAnew(picture, decision);
      return null;
    }
    EncodedRecord encoded = pictures();
    Stepped done =
        new Stepped(
            picture, encoded.captureTime(picture), encoded.sourceTime(picture), decision, result);
    now = now.stepped(decision.after(), result.state());
    picture++;
    return done;
  }
}

package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.Micros;
import io.gatestream.lookahead.EncodedRecord;
import io.gatestream.lookahead.FrameRecord;
import io.gatestream.model.Classifier;
import io.gatestream.model.RecurrentStep;
import io.gatestream.schema.Frame;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.StreamState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stream's next state and its labels from its state and one record. A label depends on
 * these, the bundle and the settings only, never on how the lookahead came by the features; nothing
 * is read or written elsewhere. Immutable.
 */
final class FrameAdvance {
  private final StreamPolicy policy;
  private final RecurrentStep step;
  private final int auxiliarySize;
  private final LabelMaker labels;

  /**
   * Creates it.
   *
   * @param step stays the caller's to close, after this
   * @param auxiliarySize side features that the model takes of each frame, 0 for none
   */
  FrameAdvance(StreamPolicy policy, RecurrentStep step, int auxiliarySize, LabelMaker labels) {
    this.policy = policy;
    this.step = step;
    this.auxiliarySize = auxiliarySize;
    this.labels = labels;
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
  Advanced advance(byte[] key, FrameRecord record, StreamState before, boolean overloaded) {
    int frames = 1; // what does not parse counts as one
    try {
      Frame frame = record.frame();
      frames = frame.getFrameCount();
      check(frame, key);
      return decided(frame, record, before, overloaded);
    } catch (FrameDecodeException bad) {
      return new Advanced.Rejected(before.with(before.progress().withRejected(frames)), bad);
    }
  }

  private Advanced decided(Frame frame, FrameRecord record, StreamState before, boolean overloaded)
      throws FrameDecodeException {
    int count = frame.getFrameCount();
    long captureTime = Micros.of(frame.getCaptureTime());
    Admission admission =
        policy.admit(
            before.progress(),
            Micros.of(frame.getSession()),
            frame.getSequence(),
            count,
            captureTime);
    StreamState admitted = before.with(admission.progress());
    if (admission instanceof Admission.Dropped dropped) {
      return new Advanced.Decided(admitted, frame, List.of(), dropped.cause(), 0);
    }
    PictureDecisions decisions = new PictureDecisions(policy, frame, admitted.progress());
    // its first picture has the frame's own capture time: a single one may be skipped undecoded
    if (count == 1 && decisions.of(0, captureTime) instanceof Decision.Skip skip) {
      return decided(admitted.with(skip.after()), frame, List.of(), 0);
    }
    if (overloaded) {
      return decided(
          admitted.with(admitted.progress().withOverrun(count)), frame, List.of(), count);
    }
    EncodedRecord pictures = record.pictures(decisions);
    for (int i = 0; i < count; i++) {
      if (!policy.isPossible(pictures.captureTime(i))) {
        throw impossible("capture time of picture " + i, pictures.captureTime(i));
      }
    }
    List<Advanced.Label> made = new ArrayList<>();
    StreamState now = admitted;
    for (int i = 0; i < count; i++) {
      now = carryOut(decisions, frame, pictures, i, now, made);
    }
    return decided(now, frame, made, 0);
  }

  /** Frames that are dropped here, within a record that was let in, are repeated ones. */
  private static Advanced decided(
      StreamState after, Frame frame, List<Advanced.Label> labels, int overrun) {
    return new Advanced.Decided(after, frame, labels, Admission.Cause.SEQUENCE, overrun);
  }

  /** Does what is decided for one picture, and returns the state after it. */
  private StreamState carryOut(
      PictureDecisions decisions,
      Frame frame,
      EncodedRecord pictures,
      int picture,
      StreamState state,
      List<Advanced.Label> made)
      throws FrameDecodeException {
    long captureTime = pictures.captureTime(picture);
    Decision decision = decisions.of(picture, captureTime);
    if (!(decision instanceof Decision.Step go)) {
      return state.with(decision.after());
    }
    float[] features = pictures.features(picture).orElseThrow();
    float[] auxiliary = auxiliary(frame);
    boolean anew = go.reset() != Reset.NONE;
    float[][] from = anew ? step.initialState() : state.tensors();
    RecurrentStep.Result result = step.step(features, from, go.elapsed(), auxiliary);
    if (!Classifier.isFinite(result) && !anew) {
      go = decisions.beginAnew(picture, go);
      result = step.step(features, step.initialState(), go.elapsed(), auxiliary);
    }
    if (!Classifier.isFinite(result)) {
      throw new FrameDecodeException(
          Reason.NOT_FINITE, "the model gives values that are no finite numbers for this frame");
    }
    byte[] label =
        labels.encode(
            frame, picture, captureTime, pictures.sourceTime(picture), go, result.logits());
    made.add(new Advanced.Label(label, captureTime, go.reset()));
    return new StreamState(go.after(), result.state(), state.lastOffset());
  }

  private void check(Frame frame, byte[] key) throws FrameDecodeException {
    if (!Arrays.equals(frame.getStreamId().getBytes(UTF_8), key)) {
      throw new FrameDecodeException(
          Reason.KEY_MISMATCH,
          "the key '%s' is not the frame's streamId '%s'"
              .formatted(new String(key, UTF_8), frame.getStreamId()));
    }
    checkTime("capture time", Micros.of(frame.getCaptureTime()));
    checkTime("session", Micros.of(frame.getSession()));
    if (auxiliarySize > 0 && frame.getAuxiliary().size() != auxiliarySize) {
      throw new FrameDecodeException(
          Reason.BAD_FIELD,
          "the model takes %d auxiliary values and the frame has %d"
              .formatted(auxiliarySize, frame.getAuxiliary().size()));
    }
  }

  private void checkTime(String what, long time) throws FrameDecodeException {
    if (!policy.isPossible(time)) {
      throw impossible(what, time);
    }
  }

  private FrameDecodeException impossible(String what, long time) {
    return new FrameDecodeException(
        Reason.BAD_TIME,
        "%s %d µs is not between 1970 and %s"
            .formatted(what, time, Micros.instant(policy.latestTime())));
  }

  private float[] auxiliary(Frame frame) {
    float[] values = new float[auxiliarySize];
    for (int i = 0; i < values.length; i++) {
      values[i] = frame.getAuxiliary().get(i);
    }
    return values;
  }
}

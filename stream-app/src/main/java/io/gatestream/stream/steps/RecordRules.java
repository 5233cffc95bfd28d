package io.gatestream.stream.steps;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.Micros;
import io.gatestream.schema.Frame;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.StreamState;
import java.util.Arrays;

/** What decides how a record advances its stream, besides the record and the state. Immutable. */
public final class RecordRules {
  private final StreamPolicy policy;
  private final float[][] initialState;
  private final int auxiliarySize;

  /**
   * Creates the rules.
   *
   * @param initialState before a stream's first frame; kept, not copied, and never changed: that it
   *     is always the same arrays tells calls from it apart
   * @param auxiliarySize side features that the model takes of each frame, 0 for none
   */
  public RecordRules(StreamPolicy policy, float[][] initialState, int auxiliarySize) {
    this.policy = policy;
    this.initialState = initialState;
    this.auxiliarySize = auxiliarySize;
  }

  StreamPolicy policy() {
    return policy;
  }

  float[][] initialState() {
    return initialState;
  }

  /** A stream's state at a record of its partition: without tensors where it has been idle. */
  public StreamState at(StreamState state, long offset) {
    return (policy.isIdle(state.lastOffset(), offset) ? state.withoutTensors() : state).at(offset);
  }

  /**
   * Checks what a record says of itself.
   *
   * @throws FrameDecodeException it is not of the stream that its key says, or a field is bad
   */
  void check(Frame frame, byte[] key) throws FrameDecodeException {
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

  void checkTime(String what, long time) throws FrameDecodeException {
    if (!policy.isPossible(time)) {
      throw new FrameDecodeException(
          Reason.BAD_TIME,
          "%s %d µs is not between 1970 and %s"
              .formatted(what, time, Micros.instant(policy.latestTime())));
    }
  }

  float[] auxiliary(Frame frame) {
    float[] values = new float[auxiliarySize];
    for (int i = 0; i < values.length; i++) {
      values[i] = frame.getAuxiliary().get(i);
    }
    return values;
  }
}

package io.gatestream.stream;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.Frame;
import io.gatestream.schema.Reset;
import io.gatestream.stream.events.EventChange;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.state.StreamState;
import java.util.List;

/** What comes of one record: all of it is decided on, or it is rejected whole. */
sealed interface Advanced {
  /** The stream's state after the record. */
  StreamState after();

  /** The record is bad: nothing of it is labelled. */
  record Rejected(StreamState after, FrameDecodeException why) implements Advanced {}

  /**
   * The policy has decided on the record's frames.
   *
   * @param labels of the frames that have one, in order
   * @param events what is to be told of events, in order
   * @param cause why frames were dropped, where some were
   * @param overrun frames skipped because their partition lags too much
   */
  record Decided(
      StreamState after,
      Frame frame,
      List<Label> labels,
      List<EventChange> events,
      Admission.Cause cause,
      int overrun)
      implements Advanced {}

  /** The label of one frame, as it is written. */
  final class Label {
    private final byte[] value;
    private final long captureTime;
    private final Reset reset;

    /** Creates it; the array is kept, not copied. */
    Label(byte[] value, long captureTime, Reset reset) {
      this.value = value;
      this.captureTime = captureTime;
      this.reset = reset;
    }

    /** The array itself, not a copy. */
    byte[] value() {
      return value;
    }

    /** Microseconds since the epoch. */
    long captureTime() {
      return captureTime;
    }

    /** Why the stream began anew with this frame, or NONE. */
    Reset reset() {
      return reset;
    }
  }
}

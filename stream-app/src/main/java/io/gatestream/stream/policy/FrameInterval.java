package io.gatestream.stream.policy;

/**
 * The interval of the frames that a model was trained with, and when a stream's next frame is due.
 * Times are microseconds.
 *
 * <p>A model works at the rate it was trained for, so frames before the next due time are skipped.
 * Due times go on by whole intervals from the first one, as the ticks of a clock do: counted from
 * the frames themselves, a 25 fps camera would give a 10 fps model a frame each 120 ms, and never
 * 100 on average. Two fractions of the interval are forgiven:
 *
 * <ul>
 *   <li>A frame may come a quarter early. Without that, a camera at the model's own rate whose
 *       times jitter by a microsecond would lose each frame that comes too soon. It costs that two
 *       steps may be only three quarters of an interval apart; the mean stays.
 *   <li>A stream that was slow does not catch up with what it missed: its next frame is due half an
 *       interval after this one, so at least a quarter passes, and the ticks begin anew there.
 * </ul>
 *
 * <p>Both are choices, not measurements. model-export picks the frames for training by the same
 * rule (data/thinning.py), and the cases of due.json hold both to it. It costs two comparisons and
 * one number in the state; docs/policy.md tells users.
 *
 * @param micros 0 where every frame is due
 */
record FrameInterval(long micros) {
  /** Whether a frame comes before it is due. */
  boolean isEarly(long due, long captureTime) {
    return micros > 0 && captureTime < due - micros / 4;
  }

  /** When the next one is due after the first frame. */
  long first(long captureTime) {
    return captureTime + micros;
  }

  /** When the next one is due after a frame that was, or nearly. */
  long next(long due, long captureTime) {
    return Math.max(due + micros, captureTime + micros / 2);
  }
}

package io.gatestream.stream;

import io.gatestream.schema.Reset;

/**
 * Where a stream is, without its tensors: what the stream policy decides from. Times are
 * microseconds since the epoch.
 *
 * @param modelFingerprint state fingerprint of the bundle that made the tensors; empty before the
 *     first step
 * @param session start of the producer's run; {@link Long#MIN_VALUE} before the first frame
 * @param lastSequence of the last frame that was no duplicate
 * @param lastCaptureTime of the last frame that was no duplicate
 * @param lastStepTime capture time of the last labelled frame
 * @param due when the next frame is due
 * @param framesSinceReset steps since the state was last initial
 * @param duplicates frames dropped so far: seen before, or of an older session
 * @param skipped frames so far that came before they were due
 * @param rejected frames rejected so far
 * @param pendingReset a reset that the next labelled frame carries, or NONE
 */
record StreamProgress(
    String modelFingerprint,
    long session,
    long lastSequence,
    long lastCaptureTime,
    long lastStepTime,
    long due,
    long framesSinceReset,
    long duplicates,
    long skipped,
    long rejected,
    Reset pendingReset) {
  /** Before a stream's first record. */
  static final StreamProgress START =
      new StreamProgress("", Long.MIN_VALUE, -1, 0, 0, 0, 0, 0, 0, 0, Reset.NONE);

  boolean hasSeenFrames() {
    return session != Long.MIN_VALUE;
  }

  StreamProgress withDuplicates(long more) {
    return new StreamProgress(
        modelFingerprint,
        session,
        lastSequence,
        lastCaptureTime,
        lastStepTime,
        due,
        framesSinceReset,
        duplicates + more,
        skipped,
        rejected,
        pendingReset);
  }

  StreamProgress withSkipped(long sequence, long captureTime) {
    return new StreamProgress(
        modelFingerprint,
        session,
        sequence,
        captureTime,
        lastStepTime,
        due,
        framesSinceReset,
        duplicates,
        skipped + 1,
        rejected,
        pendingReset);
  }

  StreamProgress withRejected(long more) {
    return new StreamProgress(
        modelFingerprint,
        session,
        lastSequence,
        lastCaptureTime,
        lastStepTime,
        due,
        framesSinceReset,
        duplicates,
        skipped,
        rejected + more,
        pendingReset);
  }

  StreamProgress withPendingReset(Reset reset) {
    return new StreamProgress(
        modelFingerprint,
        session,
        lastSequence,
        lastCaptureTime,
        lastStepTime,
        due,
        framesSinceReset,
        duplicates,
        skipped,
        rejected,
        reset);
  }

  /** After a labelled frame. */
  StreamProgress withStep(
      String fingerprint,
      long newSession,
      long sequence,
      long captureTime,
      long nextDue,
      boolean reset) {
    return new StreamProgress(
        fingerprint,
        newSession,
        sequence,
        captureTime,
        captureTime,
        nextDue,
        reset ? 1 : framesSinceReset + 1,
        duplicates,
        skipped,
        rejected,
        Reset.NONE);
  }

  /** The same step, but counted as the first since a reset. */
  StreamProgress asFirstSinceReset() {
    return new StreamProgress(
        modelFingerprint,
        session,
        lastSequence,
        lastCaptureTime,
        lastStepTime,
        due,
        1,
        duplicates,
        skipped,
        rejected,
        pendingReset);
  }
}

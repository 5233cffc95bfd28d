package io.gatestream.stream.policy;

/**
 * Frames of one producer's run: a session, and sequences that grew without a jump. A stream
 * remembers those that it has gone on from.
 *
 * @param lastCaptureTime microseconds since the epoch
 */
public record SessionRun(
    long session, long firstSequence, long lastSequence, long lastCaptureTime) {
  /** Whether a record's frames are none that come after this run, by number and time. */
  boolean hasPassed(long last, long captureTime) {
    return last <= lastSequence && captureTime <= lastCaptureTime;
  }

  /** Whether a record's frames are among those of this run. */
  boolean holds(long first, long last, long captureTime) {
    return first >= firstSequence && hasPassed(last, captureTime);
  }
}

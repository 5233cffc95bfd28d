package io.gatestream.stream.policy;

import io.gatestream.schema.Reset;
import org.jspecify.annotations.Nullable;

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
 * @param counts frames so far that got no label
 * @param pendingReset a reset that the next labelled frame carries, or NONE
 * @param sessions what is remembered of the stream's producers
 */
public record StreamProgress(
    String modelFingerprint,
    long session,
    long lastSequence,
    long lastCaptureTime,
    long lastStepTime,
    long due,
    long framesSinceReset,
    Counts counts,
    Reset pendingReset,
    Sessions sessions) {
  /** Before a stream's first record. */
  public static final StreamProgress START =
      new StreamProgress(
          "", Long.MIN_VALUE, -1, 0, 0, 0, 0, new Counts(0, 0, 0), Reset.NONE, Sessions.NONE);

  /** Lost frames at once that are taken for another numbering: 9 hours at 30 frames/s. */
  private static final long WILD_JUMP = 1 << 20;

  /**
   * A stream's frames that got no label.
   *
   * @param duplicates seen before, or of an older session
   * @param skipped came before they were due, or while their partition lagged too much
   * @param rejected bad
   */
  public record Counts(long duplicates, long skipped, long rejected) {}

  public long duplicates() {
    return counts.duplicates;
  }

  public long skipped() {
    return counts.skipped;
  }

  public long rejected() {
    return counts.rejected;
  }

  boolean hasSeenFrames() {
    return session != Long.MIN_VALUE;
  }

  /** Whether the stream got a label after it was at an earlier place. */
  public boolean hasLabelSince(StreamProgress before) {
    return lastStepTime != before.lastStepTime || framesSinceReset != before.framesSinceReset;
  }

  StreamProgress withDuplicates(long more) {
    return with(new Counts(counts.duplicates + more, counts.skipped, counts.rejected));
  }

  public StreamProgress withRejected(long more) {
    return with(new Counts(counts.duplicates, counts.skipped, counts.rejected + more));
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
        new Counts(counts.duplicates, counts.skipped + 1, counts.rejected),
        pendingReset,
        sessions);
  }

  /**
   * After frames that were skipped for overload. Sequence and times stay those of the last frame
   * that the model's state knows of, so a hole beyond the gap limit is a GAP.
   */
  public StreamProgress withOverrun(long more) {
    return with(new Counts(counts.duplicates, counts.skipped + more, counts.rejected));
  }

  public StreamProgress withPendingReset(Reset reset) {
    return with(framesSinceReset, counts, reset);
  }

  /** After a labelled frame. */
  public StreamProgress withStep(
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
        counts,
        Reset.NONE,
        sessionsAt(newSession, sequence, reset));
  }

  private Sessions sessionsAt(long newSession, long sequence, boolean reset) {
    if (!hasSeenFrames()) {
      return Sessions.startingAt(sequence);
    }
    if (pendingReset == Reset.REQUESTED || pendingReset == Reset.RESTART) {
      return sessions; // of the run that begins with this frame already
    }
    return reset || sequence - lastSequence > WILD_JUMP
        ? sessions.next(run(), newSession, sequence)
        : sessions;
  }

  private SessionRun run() {
    return new SessionRun(session, sessions.firstSequence(), lastSequence, lastCaptureTime);
  }

  StreamProgress withContender(@Nullable Contender contender) {
    return contender == null && sessions.contender() == null
        ? this
        : with(
            session,
            lastSequence,
            framesSinceReset,
            counts,
            pendingReset,
            sessions.with(contender));
  }

  /** Before the first frame after a reset that was asked for, of whatever session it is. */
  StreamProgress forgettingSessions(long newSession, long first) {
    return with(
        newSession,
        first - 1,
        framesSinceReset,
        counts,
        Reset.REQUESTED,
        Sessions.startingAt(first));
  }

  /** Before the frame with which a producer that was left is followed again. */
  StreamProgress returningTo(long newSession, long first) {
    return with(
        newSession,
        first - 1,
        framesSinceReset,
        counts,
        Reset.RESTART,
        sessions.returned(run(), newSession, first));
  }

  /** The same step, but counted as the first since a reset. */
  public StreamProgress asFirstSinceReset() {
    return with(1, counts, pendingReset);
  }

  private StreamProgress with(Counts other) {
    return with(framesSinceReset, other, pendingReset);
  }

  private StreamProgress with(long frames, Counts other, Reset pending) {
    return with(session, lastSequence, frames, other, pending, sessions);
  }

  private StreamProgress with(
      long newSession,
      long sequence,
      long frames,
      Counts other,
      Reset pending,
      Sessions remembered) {
    return new StreamProgress(
        modelFingerprint,
        newSession,
        sequence,
        lastCaptureTime,
        lastStepTime,
        due,
        frames,
        other,
        pending,
        remembered);
  }
}

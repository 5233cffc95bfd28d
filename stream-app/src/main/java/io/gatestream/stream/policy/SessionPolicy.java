package io.gatestream.stream.policy;

import io.gatestream.config.PolicySettings;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Admission.Admitted;
import io.gatestream.stream.policy.Admission.Cause;
import io.gatestream.stream.policy.Admission.Dropped;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of a stream's producers is followed where there are, or seem to be, several: from
 * the records and the stream's progress alone, never from a clock. Immutable.
 *
 * <p>A session that is new and newer is followed at once. Frames behind that, of an older session
 * or with sequences not above the last, are repeats or late ones and dropped; but where they go on,
 * {@value #RECORDS} records and the return time of the settings without one record of the followed
 * producer between, they are the producer that lives: a wrong clock or a damaged number has led the
 * stream astray. The stream returns to them, and remembers what it left, which then is behind. The
 * time doubles with each return, up to the expiry, so that two producers that both live do not take
 * the stream from each other again and again (docs/decisions).
 */
final class SessionPolicy {
  /** Records that a producer needs to be followed again. */
  static final int RECORDS = 5;

  private final long returnMicros;
  private final long longestMicros;

  SessionPolicy(PolicySettings settings) {
    this.returnMicros = settings.returnMicros();
    this.longestMicros = Math.max(returnMicros, settings.expiryMicros());
  }

  /**
   * Decides for one record.
   *
   * @param first sequence of its first frame
   * @param count of its frames
   * @param captureTime of its first frame, in microseconds
   */
  Admission admit(StreamProgress progress, long session, long first, int count, long captureTime) {
    if (!progress.hasSeenFrames()) {
      return new Admitted(progress);
    }
    if (progress.pendingReset() == Reset.REQUESTED) {
      return new Admitted(progress.forgettingSessions(session, first));
    }
    long last = first + count - 1;
    Cause behind = behind(progress, session, first, last, captureTime);
    if (behind == null) {
      return new Admitted(progress.withContender(null));
    }
    Contender before = progress.sessions().contender();
    Contender after = before;
    if (mayContend(progress, session, first, last, captureTime)) {
      after =
          before == null
              ? Contender.first(session, last, captureTime)
              : before.next(session, first, last, captureTime);
      if (after.session() == session
          && after.records() >= RECORDS
          && after.micros() >= needed(progress.sessions().returns())) {
        return new Admitted(progress.returningTo(session, first));
      }
    }
    return new Dropped(progress.withContender(after).withDuplicates(count), behind);
  }

  /** Why a record is not of the followed producer's next frames; null where it is. */
  private static @Nullable Cause behind(
      StreamProgress progress, long session, long first, long last, long captureTime) {
    if (session < progress.session()) {
      return Cause.OLDER_SESSION;
    }
    if (session > progress.session()) {
      return progress.sessions().of(session) == null ? null : Cause.LEFT_SESSION;
    }
    if (last <= progress.lastSequence()) {
      return Cause.SEQUENCE;
    }
    SessionRun above = progress.sessions().above(session, progress.lastSequence());
    return above != null && (first > above.lastSequence() || above.holds(first, last, captureTime))
        ? Cause.SEQUENCE
        : null;
  }

  /** Whether a record that is behind may be of a producer that lives, and is not a repeat. */
  private static boolean mayContend(
      StreamProgress progress, long session, long first, long last, long captureTime) {
    Sessions sessions = progress.sessions();
    if (session != progress.session()) {
      SessionRun left = sessions.of(session);
      return left == null || !left.hasPassed(last, captureTime);
    }
    SessionRun above = sessions.above(session, progress.lastSequence());
    SessionRun below = sessions.below(session);
    if ((above != null && above.holds(first, last, captureTime))
        || (below != null && below.hasPassed(last, captureTime))) {
      return false;
    }
    return captureTime > progress.lastCaptureTime()
        || last > progress.lastSequence()
        || (below != null && last < sessions.firstSequence());
  }

  private long needed(int returns) {
    long doubled = returnMicros << Math.min(returns, 20);
    return Math.max(returnMicros, Math.min(doubled, longestMicros));
  }
}

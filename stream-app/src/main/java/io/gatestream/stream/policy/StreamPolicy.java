package io.gatestream.stream.policy;

import io.gatestream.config.PolicySettings;
import io.gatestream.schema.Reset;

/**
 * Decides for each frame whether it is labelled, and whether its stream's state starts anew: from
 * the frame and the stream's progress alone, never from a clock. Immutable.
 */
public final class StreamPolicy {
  /**
   * Bytes of a stream id at most. A state's record holds its key, and so does a label, twice: with
   * a longer one they might be more than a topic takes, and the record would fail for ever.
   */
  public static final int LONGEST_KEY = 1_024;

  private final PolicySettings settings;
  private final SessionPolicy sessions;
  private final FrameInterval interval;
  private final String modelFingerprint;

  /**
   * Creates the policy for one model.
   *
   * @param interval the model's frame interval in microseconds; 0 labels every frame
   * @param modelFingerprint the bundle's state fingerprint
   */
  public StreamPolicy(PolicySettings settings, long interval, String modelFingerprint) {
    this.settings = settings;
    this.sessions = new SessionPolicy(settings);
    this.interval = new FrameInterval(interval);
    this.modelFingerprint = modelFingerprint;
  }

  /** Decides whether a record's frames are of the producer that its stream follows. */
  public Admission admit(
      StreamProgress progress, long session, long first, int count, long captureTime) {
    return sessions.admit(progress, session, first, count, captureTime);
  }

  /** Decides for one frame of a record that was let in; times are microseconds. */
  public Decision decide(StreamProgress progress, long session, long sequence, long captureTime) {
    if (isBehind(progress, session, sequence)) {
      return new Decision.Duplicate(progress.withDuplicates(1));
    }
    Reset reset = reset(progress, session, captureTime);
    if (reset == Reset.NONE && interval.isEarly(progress.due(), captureTime)) {
      return new Decision.Skip(progress.withSkipped(sequence, captureTime));
    }
    boolean anew = reset != Reset.NONE;
    long due = anew ? interval.first(captureTime) : interval.next(progress.due(), captureTime);
    float elapsed = anew ? 0 : Math.max(0, captureTime - progress.lastStepTime()) / 1e6f;
    return new Decision.Step(
        reset,
        elapsed,
        progress.withStep(modelFingerprint, session, sequence, captureTime, due, anew));
  }

  private static boolean isBehind(StreamProgress progress, long session, long sequence) {
    return session < progress.session()
        || (session == progress.session() && sequence <= progress.lastSequence());
  }

  private Reset reset(StreamProgress progress, long session, long captureTime) {
    if (!progress.hasSeenFrames()) {
      return Reset.FIRST_FRAME;
    }
    Reset pending = progress.pendingReset();
    if (pending == Reset.REQUESTED || pending == Reset.RESTART) {
      return pending;
    }
    long apart = Math.abs(captureTime - progress.lastCaptureTime());
    if (apart > settings.expiryMicros()) {
      return Reset.FIRST_FRAME;
    }
    if (session > progress.session()) {
      return Reset.RESTART;
    }
    if (apart > settings.gapMicros()) {
      return Reset.GAP;
    }
    if (!progress.modelFingerprint().equals(modelFingerprint)) {
      return Reset.MODEL_CHANGED;
    }
    return pending;
  }

  /** Whether a capture time or session, in microseconds, can be one. */
  public boolean isPossible(long time) {
    return time >= 0 && time < settings.latestTimeMicros();
  }

  /** The first time that is not possible, microseconds. */
  public long latestTime() {
    return settings.latestTimeMicros();
  }

  /** Whether a record with a null value asks for a reset. */
  public boolean tombstoneResets() {
    return settings.tombstoneResets();
  }

  /** Whether tensors of idle streams are removed at all. */
  public boolean removesStates() {
    return settings.removalAfterRecords() > 0;
  }

  /**
   * Whether a stream is idle at a record of its partition, its own or another's: from offsets
   * alone, so that it is the same whenever the tensors are removed.
   */
  public boolean isIdle(long lastOffset, long offset) {
    return removesStates()
        && lastOffset >= 0
        && offset - lastOffset > settings.removalAfterRecords();
  }

  /** Whether a stream may go on under this model, with or without a reset. */
  public boolean accepts(StreamProgress progress) {
    return settings.modelChange() == PolicySettings.ModelChange.RESET
        || progress.modelFingerprint().isEmpty()
        || progress.modelFingerprint().equals(modelFingerprint);
  }
}

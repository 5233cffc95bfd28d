package io.gatestream.config;

import io.gatestream.errors.ConfigException;

/**
 * The limits of the stream policy.
 *
 * @param gapMicros capture times of neighbouring frames further apart than this reset the state:
 *     GAP
 * @param expiryMicros further apart than this the stream counts as new: FIRST_FRAME
 * @param modelChange what happens to a state that another model made
 * @param latestTimeMicros capture times and sessions from here on are taken for nonsense: the frame
 *     is rejected, as one before 1970 always is
 * @param tombstoneResets whether a record with a null value asks for a reset; one with the control
 *     header always does
 * @param removalAfterRecords a stream without a record among this many of its partition loses its
 *     tensors; 0 keeps them for ever
 * @param returnMicros how long frames of an older session must go on, without one of the newer
 *     session between, until the stream follows them again
 */
public record PolicySettings(
    long gapMicros,
    long expiryMicros,
    ModelChange modelChange,
    long latestTimeMicros,
    boolean tombstoneResets,
    long removalAfterRecords,
    long returnMicros) {
  /** 2200-01-01T00:00:00Z. */
  private static final long YEAR_2200 = 7_258_118_400_000_000L;

  private static final long YEAR_10000 = 253_402_300_800_000_000L;

  public static final PolicySettings DEFAULT =
      new PolicySettings(2_000_000, 60_000_000, ModelChange.RESET);

  /** The given limits, and the defaults of all others. */
  public PolicySettings(long gapMicros, long expiryMicros, ModelChange modelChange) {
    this(gapMicros, expiryMicros, modelChange, YEAR_2200, true, 0, 2_500_000);
  }

  public PolicySettings {
    if (gapMicros < 1 || expiryMicros < gapMicros) {
      throw new ConfigException(
          "expiry.millis is %d and gap.millis %d: give an expiry at least as long as the gap"
              .formatted(expiryMicros / 1_000, gapMicros / 1_000));
    }
    if (latestTimeMicros < 1 || latestTimeMicros > YEAR_10000) {
      throw new ConfigException(
          "latest.time is before 1970 or after 9999: give the time from which on a capture time is nonsense");
    }
    if (removalAfterRecords < 0) {
      throw new ConfigException(
          "state.removal.records is %d: give a number of records, or 0 to keep all states"
              .formatted(removalAfterRecords));
    }
    if (returnMicros < 1) {
      throw new ConfigException(
          "session.return.millis is %d: give 1 or more".formatted(returnMicros / 1_000));
    }
  }

  /** What to do when a stream's state was made by a model of another fingerprint. */
  public enum ModelChange {
    RESET,
    REFUSE
  }
}

package io.gatestream.config;

/**
 * The limits of the stream policy.
 *
 * @param gapMicros capture times of neighbouring frames further apart than this reset the state:
 *     GAP
 * @param expiryMicros further apart than this the stream counts as new: FIRST_FRAME
 * @param modelChange what happens to a state that another model made
 */
public record PolicySettings(long gapMicros, long expiryMicros, ModelChange modelChange) {
  public static final PolicySettings DEFAULT =
      new PolicySettings(2_000_000, 60_000_000, ModelChange.RESET);

  public PolicySettings {
    if (gapMicros < 1 || expiryMicros < gapMicros) {
      throw new ConfigException(
          "expiry.millis is %d and gap.millis %d: give an expiry at least as long as the gap"
              .formatted(expiryMicros / 1_000, gapMicros / 1_000));
    }
  }

  /** What to do when a stream's state was made by a model of another fingerprint. */
  public enum ModelChange {
    RESET,
    REFUSE
  }
}

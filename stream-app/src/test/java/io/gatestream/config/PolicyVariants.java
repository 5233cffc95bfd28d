package io.gatestream.config;

/** Settings of the stream policy that differ from the default in one limit. */
public final class PolicyVariants {
  private static final PolicySettings STANDARD = PolicySettings.DEFAULT;

  private PolicyVariants() {}

  /** With streams that follow an older session after another time. */
  public static PolicySettings withReturnAfter(long micros) {
    return with(STANDARD.removalAfterRecords(), micros);
  }

  /** With states that lose their tensors after that many records. */
  public static PolicySettings withRemovalAfter(long records) {
    return with(records, STANDARD.returnMicros());
  }

  private static PolicySettings with(long removalAfterRecords, long returnMicros) {
    return new PolicySettings(
        STANDARD.gapMicros(),
        STANDARD.expiryMicros(),
        STANDARD.modelChange(),
        STANDARD.latestTimeMicros(),
        STANDARD.tombstoneResets(),
        removalAfterRecords,
        returnMicros);
  }
}

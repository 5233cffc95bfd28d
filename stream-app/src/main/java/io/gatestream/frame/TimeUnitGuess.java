package io.gatestream.frame;

import java.util.Optional;

/**
 * Tells a time in a wrong unit: microseconds that mean a moment long before or after video was sent
 * to Kafka, and in another unit one of these years.
 */
public final class TimeUnitGuess {
  private static final long YEAR_2000 = 946_684_800;
  private static final long YEAR_2100 = 4_102_444_800L;

  /** Microseconds from here on are surely no seconds or milliseconds of these years. */
  private static final long CLEARLY_MICROS = YEAR_2100 * 1_000;

  private TimeUnitGuess() {}

  /**
   * The unit that a time is likely in, where it is not microseconds. Times that count from 0, as
   * recordings without a date have them, are in none for the first quarter of an hour.
   */
  public static Optional<String> of(long micros) {
    if (micros >= YEAR_2000 && micros < YEAR_2100) {
      return Optional.of("seconds");
    }
    if (micros >= YEAR_2000 * 1_000 && micros < CLEARLY_MICROS) {
      return Optional.of("milliseconds");
    }
    return isNanoseconds(micros) ? Optional.of("nanoseconds") : Optional.empty();
  }

  /** Whether a time may be in seconds or milliseconds: cheap, for every frame. */
  public static boolean isSuspicious(long micros) {
    return micros < CLEARLY_MICROS && micros >= YEAR_2000;
  }

  static boolean isNanoseconds(long micros) {
    return micros / 1_000_000_000 >= YEAR_2000 && micros / 1_000_000_000 < YEAR_2100;
  }
}

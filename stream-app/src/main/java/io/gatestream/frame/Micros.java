package io.gatestream.frame;

import java.time.Instant;

/** Microseconds since the epoch, the unit of every time in Gatestream. */
public final class Micros {
  private static final long PER_SECOND = 1_000_000;

  private Micros() {}

  /**
   * Microseconds since the epoch, rounded down; {@code Long.MIN_VALUE} or {@code MAX_VALUE} for a
   * time beyond their reach (some 292,000 years).
   */
  public static long of(Instant time) {
    try {
      long seconds = time.getEpochSecond();
      int micros = time.getNano() / 1_000;
      // from the nearer side of zero, so that the sum is the only thing that may overflow
      return seconds < 0
          ? Math.addExact(Math.multiplyExact(seconds + 1, PER_SECOND), micros - PER_SECOND)
          : Math.addExact(Math.multiplyExact(seconds, PER_SECOND), micros);
    } catch (ArithmeticException e) {
      return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /** The instant of {@code micros}; every long has one. */
  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1_000);
  }

  /** {@code time + micros}, saturating. */
  public static long plus(long time, long micros) {
    long sum = time + micros;
    boolean overflow = ((time ^ sum) & (micros ^ sum)) < 0;
    if (!overflow) {
      return sum;
    }
    return time < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}

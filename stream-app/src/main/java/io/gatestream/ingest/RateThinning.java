package io.gatestream.ingest;

/**
 * Lowers a recording's rate by leaving frames out, chosen by presentation time alone: of every
 * interval of {@code 1/rate} the first frame stays, so a variable frame rate comes out as even as
 * it can.
 */
final class RateThinning implements Thinning {
  /** Containers round times to a millisecond. */
  private static final double TOLERANCE_MICROS = 2_000;

  private final double rate;
  private final double tolerance;
  private long lastSlot = Long.MIN_VALUE;

  RateThinning(double rate) {
    this.rate = rate;
    this.tolerance = Math.min(TOLERANCE_MICROS, 250_000 / rate);
  }

  @Override
  public boolean keeps(long micros) {
    long slot = (long) Math.floor((micros + tolerance) * rate / 1e6);
    if (slot <= lastSlot) {
      return false;
    }
    lastSlot = slot;
    return true;
  }

  @Override
  public double rate() {
    return rate;
  }
}

package io.gatestream.ingest;

/**
 * Lowers a camera's rate as the stream policy does: a frame stays from a quarter of an interval
 * before it is due. A camera that keeps the rate asked for loses none, wherever its frames fall and
 * though they jitter.
 */
final class LiveThinning implements Thinning {
  private final double rate;
  private final double interval;
  private double due = Double.NEGATIVE_INFINITY;

  LiveThinning(double rate) {
    this.rate = rate;
    this.interval = 1e6 / rate;
  }

  @Override
  public boolean keeps(long micros) {
    if (micros < due - interval / 4) {
      return false;
    }
    due = Math.max(due + interval, micros + interval / 2);
    return true;
  }

  @Override
  public double rate() {
    return rate;
  }
}

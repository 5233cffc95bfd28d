package io.gatestream.bench;

import org.HdrHistogram.Histogram;

/** Times from sending, which is a frame's capture time, to reading its committed label. */
final class PeerDelays {
  private static final long MOST_MICROS = 3_600_000_000L;

  private final Histogram delays = new Histogram(MOST_MICROS, 3);
  private long from = Long.MAX_VALUE;
  private long to = Long.MAX_VALUE;

  /** Which capture times count, microseconds since the epoch. */
  void count(long fromMicros, long toMicros) {
    from = fromMicros;
    to = toMicros;
  }

  /** Takes a label that was read at a time in microseconds since the epoch. */
  void add(long captureMicros, long nowMicros) {
    if (captureMicros >= from && captureMicros < to) {
      delays.recordValue(Math.min(MOST_MICROS, Math.max(0, nowMicros - captureMicros)));
    }
  }

  /** How many frames were timed. */
  long size() {
    return delays.getTotalCount();
  }

  double millis(double percent) {
    return size() == 0 ? 0 : delays.getValueAtPercentile(percent) / 1e3;
  }
}

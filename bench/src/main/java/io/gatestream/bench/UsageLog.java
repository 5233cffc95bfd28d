package io.gatestream.bench;

import java.util.TreeMap;

/**
 * What had been used at the moments of a run. It is asked more seldom than frames are counted, as
 * asking costs processor time itself; in between it is taken to grow evenly. Used by one thread.
 */
final class UsageLog {
  private final TreeMap<Long, Usage> readings = new TreeMap<>();

  /** Adds a reading at {@link System#nanoTime}. */
  void add(long nanos, Usage usage) {
    readings.put(nanos, usage);
  }

  /** Whether a moment is later than the last reading by so much. */
  boolean isOlderThan(long nanos, long now) {
    return readings.isEmpty() || now - readings.lastKey() >= nanos;
  }

  /**
   * What had been used at a moment.
   *
   * @throws IllegalStateException it is before the first reading or after the last
   */
  Usage at(long nanos) {
    var before = readings.floorEntry(nanos);
    var after = readings.ceilingEntry(nanos);
    if (before == null || after == null) {
      throw new IllegalStateException("usage was not read around that moment");
    }
    double span = after.getKey() - before.getKey();
    return span == 0
        ? before.getValue()
        : before.getValue().towards(after.getValue(), (nanos - before.getKey()) / span);
  }
}

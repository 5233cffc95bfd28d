package io.gatestream.dashboard;

import java.util.Arrays;

/** Counts by seconds of the wall clock, of the last ten that are over. Not thread-safe. */
final class RateMeter {
  private static final int SECONDS = 10;

  private final long[] counts = new long[SECONDS + 1];
  private long newest = Long.MIN_VALUE;

  void add(long millis, long count) {
    counts[moveTo(millis)] += count;
  }

  /** Mean of the last ten seconds. */
  double perSecond(long millis) {
    int now = moveTo(millis);
    long sum = -counts[now];
    for (long count : counts) {
      sum += count;
    }
    return sum / (double) SECONDS;
  }

  private int moveTo(long millis) {
    long second = Math.floorDiv(millis, 1_000L);
    if (newest == Long.MIN_VALUE || second - newest > SECONDS) {
      Arrays.fill(counts, 0);
      newest = second;
    }
    while (newest < second) {
      newest++;
      counts[slot(newest)] = 0;
    }
    return slot(newest);
  }

  private static int slot(long second) {
    return Math.floorMod(second, SECONDS + 1);
  }
}

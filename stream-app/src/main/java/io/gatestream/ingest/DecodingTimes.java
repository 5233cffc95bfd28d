package io.gatestream.ingest;

import java.util.Arrays;

/**
 * The decoding times of a segment from its presentation times, for containers that keep only these.
 */
final class DecodingTimes {
  private DecodingTimes() {}

  /**
   * Strictly increasing times, none above its picture's: the presentation times in order, early
   * enough for the picture that waits longest.
   *
   * @param pts presentation times in decoding order
   */
  static long[] of(long[] pts) {
    long[] times = pts.clone();
    Arrays.sort(times);
    long delay = 0;
    for (int i = 0; i < times.length; i++) {
      if (i > 0 && times[i] <= times[i - 1]) {
        times[i] = times[i - 1] + 1;
      }
      delay = Math.max(delay, times[i] - pts[i]);
    }
    for (int i = 0; i < times.length; i++) {
      times[i] -= delay;
    }
    return times;
  }

  /** Whether the times are ones that a container takes. */
  static boolean good(long[] pts, long[] dts, long none) {
    for (int i = 0; i < dts.length; i++) {
      if (dts[i] == none || dts[i] > pts[i] || (i > 0 && dts[i] <= dts[i - 1])) {
        return false;
      }
    }
    return true;
  }
}

package io.gatestream.evaluate.score;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Ratios, means and percentiles that are NaN where there is nothing to divide by. */
final class Numbers {
  private Numbers() {}

  static double ratio(double part, double whole) {
    return whole == 0 ? Double.NaN : part / whole;
  }

  static double ratio(long part, long whole) {
    return ratio((double) part, (double) whole);
  }

  static double ratio(double part, long whole) {
    return ratio(part, (double) whole);
  }

  /** The mean of the values that are numbers, NaN where none is. */
  static double mean(DoubleStream values) {
    return values.filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
  }

  /**
   * A percentile by linear interpolation between ranks, as {@code numpy.percentile} does; NaN of no
   * values.
   */
  static double percentile(double[] values, double percent) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double rank = percent / 100 * (sorted.length - 1);
    int below = (int) Math.floor(rank);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }

  static int[] range(int count) {
    return IntStream.range(0, count).toArray();
  }

  /** {@code count} ones. */
  static int[] ones(int count) {
    int[] ones = new int[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}

package io.gatestream.ingest;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The earliest arrivals among a camera's last frames. Delay only adds, so the frames that were
 * delayed least show where the camera's own line lies and how steep it is.
 *
 * <p>One point is kept for each stretch of {@code x}, which is a stamp or a frame's number. For one
 * thread.
 */
final class ArrivalEnvelope {
  private static final int POINTS = 24;
  private static final int FEWEST_FOR_SLOPE = 5;

  private final double stretch;
  private final double[] xs = new double[POINTS];
  private final double[] arrivals = new double[POINTS];
  private int size;
  private double stretchStart;

  /** Keeps one point for each {@code stretch} of x. */
  ArrivalEnvelope(double stretch) {
    this.stretch = stretch;
  }

  /** For frames by their number: one point for each tenth of a second. */
  static ArrivalEnvelope byNumber(double intervalMicros) {
    return new ArrivalEnvelope(Math.max(1, Math.floor(100_000 / intervalMicros)));
  }

  /**
   * Takes a frame in.
   *
   * @param slope arrival time for each x, as far as it is known
   * @return whether a new stretch has begun
   */
  boolean add(double x, double arrival, double slope) {
    if (size > 0 && x - stretchStart < stretch) {
      if (arrival - slope * x < arrivals[size - 1] - slope * xs[size - 1]) {
        xs[size - 1] = x;
        arrivals[size - 1] = arrival;
      }
      return false;
    }
    if (size == POINTS) {
      System.arraycopy(xs, 1, xs, 0, POINTS - 1);
      System.arraycopy(arrivals, 1, arrivals, 0, POINTS - 1);
      size--;
    }
    xs[size] = x;
    arrivals[size++] = arrival;
    stretchStart = x;
    return true;
  }

  /** How far the earliest arrivals lie above the line through (x, y); below it where negative. */
  double lag(double x, double y, double slope) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      least = Math.min(least, arrivals[i] - y + slope * (x - xs[i]));
    }
    return size == 0 ? 0 : least;
  }

  /**
   * The slope by Theil and Sen: the median of those between points that lie a quarter of the window
   * apart. Frames that were held up do not move it while they are fewer than a quarter.
   */
  OptionalDouble slope() {
    if (size < FEWEST_FOR_SLOPE) {
      return OptionalDouble.empty();
    }
    int apart = size / 4;
    double[] slopes = new double[(size - apart) * (size - apart + 1) / 2];
    int count = 0;
    for (int i = 0; i < size; i++) {
      for (int j = i + apart; j < size; j++) {
        slopes[count++] = (arrivals[j] - arrivals[i]) / (xs[j] - xs[i]);
      }
    }
    Arrays.sort(slopes, 0, count);
    return OptionalDouble.of(slopes[count / 2]);
  }

  /**
   * How wrong {@link #slope} may be: three times the points' spread about it, over their span. A
   * stall makes it large.
   */
  double doubt() {
    double slope = slope().orElse(0);
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      least = Math.min(least, arrivals[i] - slope * xs[i]);
      most = Math.max(most, arrivals[i] - slope * xs[i]);
    }
    return size < 2 ? Double.POSITIVE_INFINITY : 3 * (most - least) / Math.max(1, span());
  }

  /** From the first point to the last. */
  double span() {
    return size == 0 ? 0 : xs[size - 1] - xs[0];
  }

  /** Points kept. */
  int size() {
    return size;
  }
}

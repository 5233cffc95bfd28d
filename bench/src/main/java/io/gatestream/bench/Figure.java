package io.gatestream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** One figure, measured at least once: its values in the order in which they were measured. */
public record Figure(List<Double> values) {
  /** A spread above this is worth a remark. */
  public static final double NOISY = 0.10;

  public Figure {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a figure without a value");
    }
  }

  public static Figure of(double... values) {
    List<Double> all = new ArrayList<>(values.length);
    for (double value : values) {
      all.add(value);
    }
    return new Figure(all);
  }

  /** The middle value; of an even number the mean of the two in the middle. */
  public double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The largest value less the smallest, as a share of the median. */
  public double spread() {
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return least == most ? 0 : (most - least) / Math.abs(median());
  }

  public boolean isNoisy() {
    return spread() > NOISY;
  }

  public Figure map(DoubleUnaryOperator change) {
    return new Figure(values.stream().map(change::applyAsDouble).toList());
  }

  /**
   * Each value over the value of {@code other} that was measured next to it.
   *
   * @throws IllegalArgumentException the two have different numbers of values
   */
  public Figure over(Figure other) {
    if (values.size() != other.values.size()) {
      throw new IllegalArgumentException(
          "%d values over %d".formatted(values.size(), other.values.size()));
    }
    List<Double> ratios = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      ratios.add(values.get(i) / other.values.get(i));
    }
    return new Figure(ratios);
  }

  /** Each value but the first over the one before it: what the same thing differs from itself. */
  public Figure overItself() {
    if (values.size() < 2) {
      throw new IllegalArgumentException("a single value differs from nothing");
    }
    return new Figure(values.subList(1, values.size()))
        .over(new Figure(values.subList(0, values.size() - 1)));
  }
}

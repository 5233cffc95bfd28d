package io.gatestream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values of one figure as they are measured. Used by one thread. */
final class Series {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  Figure figure() {
    return new Figure(values);
  }

  /** Empty while nothing is measured. */
  Optional<Figure> figureSoFar() {
    return values.isEmpty() ? Optional.empty() : Optional.of(figure());
  }
}

package io.gatestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FigureTest {
  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    assertThat(Figure.of(9, 1, 5).median()).isEqualTo(5);
    assertThat(Figure.of(9, 1, 5, 6).median()).isEqualTo(5.5);
  }

  @Test
  void theSpreadIsAShareOfTheMedian() {
    Figure figure = Figure.of(100, 95, 105);
    assertThat(figure.spread()).isCloseTo(0.10, within(1e-12));
    assertThat(Figure.of(100, 90, 105).isNoisy()).isTrue();
    assertThat(Figure.of(100, 100, 100).spread()).isZero();
    assertThat(Figure.of(0, 0).spread()).isZero();
  }

  @Test
  void ratiosAreTakenTurnByTurn() {
    // a machine that halves its speed between the turns changes no ratio
    Figure ratio = Figure.of(90, 45).over(Figure.of(100, 50));
    assertThat(ratio.values()).containsExactly(0.9, 0.9);
    assertThat(Figure.of(10, 20, 10).overItself().values()).containsExactly(2.0, 0.5);
    assertThatThrownBy(() -> Figure.of(1, 2).over(Figure.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Figure.of(1).overItself())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Figure(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void theMedianIsNoFurtherThanTheEndsAndScales(
      @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 1, max = 1e6) Double> values) {
    Figure figure = new Figure(values);
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    assertThat(figure.median()).isBetween(least, most);
    Figure doubled = figure.map(value -> 2 * value);
    assertThat(doubled.median()).isEqualTo(2 * figure.median());
    assertThat(doubled.spread()).isCloseTo(figure.spread(), within(1e-9));
  }
}

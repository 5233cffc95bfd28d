package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {
  private final Classifier softmax = new Classifier(Activation.SOFTMAX, 1);

  @Property
  void softmaxSumsToOneBestFirst(
      @ForAll @Size(min = 1, max = 20) float @FloatRange(min = -1e6f, max = 1e6f) [] logits) {
    List<Scores.Score> scores = softmax.classify(logits);
    assertThat(scores).hasSize(logits.length);
    assertThat(scores.stream().mapToDouble(Scores.Score::score).sum()).isCloseTo(1, within(1e-5));
    for (int i = 1; i < scores.size(); i++) {
      Scores.Score better = scores.get(i - 1);
      Scores.Score worse = scores.get(i);
      assertThat(better.score()).isGreaterThanOrEqualTo(worse.score());
      if (better.score() == worse.score()) {
        assertThat(better.label()).isLessThan(worse.label());
      }
    }
  }

  @Test
  void sigmoidScoresEachLabelOnItsOwnWithTemperature() {
    assertThat(new Classifier(Activation.SIGMOID, 2).classify(new float[] {0, 2}))
        .containsExactly(
            new Scores.Score(1, (float) (1 / (1 + StrictMath.exp(-1)))), new Scores.Score(0, 0.5f));
  }

  @ParameterizedTest
  @EnumSource
  void theLargestLogitsAtTheLowestTemperatureGiveScores(Activation activation) {
    float[] logits = {Float.MAX_VALUE, -Float.MAX_VALUE};
    assertThat(new Classifier(activation, Classifier.LOWEST_TEMPERATURE).classify(logits))
        .containsExactly(new Scores.Score(0, 1), new Scores.Score(1, 0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1e-300, 0.000999, 1000.1, Double.NaN, Double.POSITIVE_INFINITY})
  void aTemperatureOutsideItsRangeIsRefused(double temperature) {
    assertThatThrownBy(() -> new Classifier(Activation.SOFTMAX, temperature))
        .hasMessage("temperature " + temperature + ": expected 0.001 to 1000.0");
  }

  @Test
  void oneValueThatIsNotFiniteIsFoundWhereverItIs() {
    for (int length = 0; length < 20; length++) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = i % 2 == 0 ? Float.MAX_VALUE : -Float.MIN_VALUE;
      }
      assertThat(Classifier.isFinite(values)).isTrue();
      for (int i = 0; i < length; i++) {
        for (float bad : new float[] {Float.NaN, 1 / 0f, -1 / 0f}) {
          float kept = values[i];
          values[i] = bad;
          assertThat(Classifier.isFinite(values)).as("%s at %d of %d", bad, i, length).isFalse();
          values[i] = kept;
        }
      }
    }
  }

  @Test
  void aLogitThatIsNotFiniteIsDetectedAndRefused() {
    float[] logits = {0, Float.NaN};
    assertThat(Classifier.isFinite(logits)).isFalse();
    assertThatThrownBy(() -> softmax.classify(logits)).hasMessage("a logit is not finite");
  }
}

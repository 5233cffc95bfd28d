package io.gatestream.model;

/**
 * Turns logits into scores, {@code activation(logits / temperature)}. The same logits give the same
 * floats on every machine ({@link StrictMath}). Immutable.
 */
public final class Classifier {
  /**
   * Temperatures of any use lie far inside these; outside, scores are all 0 and 1 or all the same,
   * and near 0 the division overflows.
   */
  static final double LOWEST_TEMPERATURE = 0.001;

  static final double HIGHEST_TEMPERATURE = 1000;

  private final Activation activation;
  private final double temperature;

  public Classifier(Activation activation, double temperature) {
    if (!isTemperature(temperature)) {
      throw new IllegalArgumentException(
          "temperature %s: expected %s to %s"
              .formatted(temperature, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE));
    }
    this.activation = activation;
    this.temperature = temperature;
  }

  static boolean isTemperature(double value) {
    return value >= LOWEST_TEMPERATURE && value <= HIGHEST_TEMPERATURE;
  }

  /**
   * A score for each logit, best first, ties by label index.
   *
   * @throws IllegalArgumentException a logit is not finite; ask {@link #isFinite} first
   */
  public Scores classify(float[] logits) {
    if (!isFinite(logits)) {
      throw new IllegalArgumentException("a logit is not finite");
    }
    double[] values =
        switch (activation) {
          case SOFTMAX -> softmax(logits);
          case SIGMOID -> sigmoid(logits);
        };
    return Scores.of(values);
  }

  /** Whether no value is NaN or infinite: times 0, those alone give no 0. */
  public static boolean isFinite(float[] values) {
    // four sums side by side, as an addition waits for the one before it; no branch a value
    float first = 0;
    float second = 0;
    float third = 0;
    float fourth = 0;
    int i = 0;
    for (; i <= values.length - 4; i += 4) {
      first += values[i] * 0;
      second += values[i + 1] * 0;
      third += values[i + 2] * 0;
      fourth += values[i + 3] * 0;
    }
    for (; i < values.length; i++) {
      first += values[i] * 0;
    }
    return first + second + third + fourth == 0;
  }

  /** Whether logits and state of a step hold no NaN and no infinity. */
  public static boolean isFinite(RecurrentStep.Result result) {
    for (float[] tensor : result.state()) {
      if (!isFinite(tensor)) {
        return false;
      }
    }
    return isFinite(result.logits());
  }

  private double[] softmax(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit / temperature);
    }
    double[] values = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      values[i] = StrictMath.exp(logits[i] / temperature - max);
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
    return values;
  }

  private double[] sigmoid(float[] logits) {
    double[] values = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      values[i] = 1 / (1 + StrictMath.exp(-logits[i] / temperature));
    }
    return values;
  }
}

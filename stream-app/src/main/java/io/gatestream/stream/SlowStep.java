package io.gatestream.stream;

import io.gatestream.model.RecurrentStep;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A fault for tests, off unless {@code -Dgatestream.fault.slow.step=MILLIS} is given: each step of
 * the model takes so much longer, as that of a large model would.
 */
final class SlowStep implements RecurrentStep {
  static final Optional<Integer> MILLIS =
      Optional.ofNullable(Integer.getInteger("gatestream.fault.slow.step"));

  private final int millis;
  private final RecurrentStep real;

  SlowStep(int millis, RecurrentStep real) {
    this.millis = millis;
    this.real = real;
  }

  @Override
  public float[][] initialState() {
    return real.initialState();
  }

  @Override
  public Result step(float[] features, float[][] state, float elapsed, float[] auxiliary) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return real.step(features, state, elapsed, auxiliary);
  }

  @Override
  public void close() {
    real.close();
  }
}

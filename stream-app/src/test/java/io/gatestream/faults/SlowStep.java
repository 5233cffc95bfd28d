package io.gatestream.faults;

import io.gatestream.model.RecurrentStep;
import io.gatestream.stream.Stages;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Does nothing unless {@code -Dgatestream.fault.slow.step=MILLIS} is given: each step of the model
 * takes so much longer, as that of a large model would.
 */
public final class SlowStep implements Stages {
  @Override
  public RecurrentStep step(RecurrentStep real) {
    Integer millis = Integer.getInteger("gatestream.fault.slow.step");
    return millis == null ? real : new Step(millis, real);
  }

  private record Step(int millis, RecurrentStep real) implements RecurrentStep {
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
}

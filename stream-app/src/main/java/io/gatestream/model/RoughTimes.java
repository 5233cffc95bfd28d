package io.gatestream.model;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Milliseconds of one encoder call and one step call with one frame, on one thread: the median of a
 * few runs. A rough figure, which other work on the machine changes.
 */
public record RoughTimes(double encoderMillis, double stepMillis) {
  /** Runs of which the median is taken, after as many that are not counted. */
  public static final int RUNS = 20;

  /**
   * Measures on made-up pixels.
   *
   * @param nanos a clock such as {@link System#nanoTime}
   */
  public static RoughTimes measure(ModelBundle bundle, ModelRuntime runtime, LongSupplier nanos) {
    ByteBuffer picture = WarmUp.pictures(bundle, 1);
    RecurrentStep step = runtime.step();
    float[] features = runtime.encoder().encode(picture, 1)[0];
    float[][] state = step.initialState();
    float[] auxiliary = new float[bundle.auxiliarySize().orElse(0)];
    return new RoughTimes(
        median(() -> runtime.encoder().encode(picture, 1), nanos),
        median(() -> step.step(features, state, 0, auxiliary), nanos));
  }

  private static double median(Runnable call, LongSupplier nanos) {
    for (int i = 0; i < RUNS; i++) {
      call.run();
    }
    long[] times = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long start = nanos.getAsLong();
      call.run();
      times[i] = nanos.getAsLong() - start;
    }
    Arrays.sort(times);
    return (times[RUNS / 2 - 1] + times[RUNS / 2]) / 2e6;
  }
}

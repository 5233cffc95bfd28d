package io.gatestream.model;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * Whether steps of several streams in one call are worth gathering: only where a step alone takes a
 * share of a frame's time that anybody would notice. It decides speed, never a label.
 */
final class StepWorth {
  /** Of the encoder's time for a frame. */
  static final double LEAST_SHARE = 0.03;

  private static final int RUNS = 5;

  private StepWorth() {}

  /**
   * Measures a few runs of both, the shortest of which counts.
   *
   * @param nanos a clock such as {@link System#nanoTime}
   */
  static boolean isWorthIt(
      FrameEncoder encoder, RecurrentStep step, ModelBundle bundle, LongSupplier nanos) {
    ByteBuffer picture = WarmUp.pictures(bundle, 1);
    float[] features = encoder.encode(picture, 1)[0];
    float[][] state = step.initialState();
    float[] auxiliary = new float[bundle.auxiliarySize().orElse(0)];
    long encode = shortest(() -> encoder.encode(picture, 1), nanos);
    long advance = shortest(() -> step.step(features, state, 0, auxiliary), nanos);
    return advance >= LEAST_SHARE * encode;
  }

  private static long shortest(Runnable call, LongSupplier nanos) {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long start = nanos.getAsLong();
      call.run();
      shortest = Math.min(shortest, nanos.getAsLong() - start);
    }
    return shortest;
  }
}

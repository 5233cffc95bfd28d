package io.gatestream.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Finds the batch sizes in which a step gives each stream the bits that it gives it alone, on
 * made-up values that are the same each time. A matrix product may add up in another order where it
 * has more rows, so this is a question to the machine and not to the model alone.
 */
final class StepComparison {
  private static final int SEED = 20_261_130;

  private final StepSpec spec;

  StepComparison(StepSpec spec) {
    this.spec = spec;
  }

  /** Those of {@code sizes} that are bit-equal; runs each of them, 1 too. */
  BatchSizes equalSizes(RecurrentStep step, BatchSizes sizes) {
    List<StepCall> calls = calls(step, sizes.largest());
    List<RecurrentStep.Result> alone = new ArrayList<>();
    for (StepCall call : calls) {
      alone.add(step.step(List.of(call)).get(0));
    }
    List<Integer> unequal = new ArrayList<>();
    for (int size : sizes.ascending()) {
      List<RecurrentStep.Result> together = step.step(calls.subList(0, size));
      for (int row = 0; row < size; row++) {
        if (!isSame(together.get(row), alone.get(row))) {
          unequal.add(size);
          break;
        }
      }
    }
    return sizes.without(unequal);
  }

  private List<StepCall> calls(RecurrentStep step, int count) {
    Random random = new Random(SEED);
    List<StepCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[][] state = step.initialState();
      for (float[] tensor : state) {
        noise(random, tensor);
      }
      calls.add(
          new StepCall(
              noise(random, new float[spec.features().shape().get(1)]),
              state,
              random.nextFloat(),
              noise(
                  random,
                  new float[spec.auxiliary().map(tensor -> tensor.shape().get(1)).orElse(0)])));
    }
    return calls;
  }

  private static float[] noise(Random random, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private static boolean isSame(RecurrentStep.Result one, RecurrentStep.Result other) {
    // Arrays.equals tells -0 from 0 and takes NaN for NaN, as bits do
    return Arrays.equals(one.logits(), other.logits())
        && Arrays.deepEquals(one.state(), other.state());
  }
}

package io.gatestream.model;

import io.gatestream.errors.ConfigException;
import java.util.OptionalInt;

/** Chooses the batches of steps, from what the bundle's check found bit-equal to a step alone. */
final class StepSizes {
  /** Beyond it a stream thread has no more streams in its window than it gains by. */
  static final int LARGEST = 32;

  /** Of the tensors of one call: larger ones push the weights out of the caches. */
  private static final long LARGEST_BYTES = 8 << 20;

  private StepSizes() {}

  /**
   * The sizes that the step is run with, if the machine too finds them bit-equal.
   *
   * @param given most streams of one call; empty: as many as are worth it
   * @throws ConfigException the given one was not found bit-equal
   */
  static BatchSizes of(ModelBundle bundle, OptionalInt given) {
    if (given.isPresent()) {
      int most = given.getAsInt();
      BatchSizes sizes = BatchSizes.ofSteps(bundle.step(), most);
      if (sizes.largest() != most) {
        throw new ConfigException(
            "step.batch is %d, and the step of %s is bit-equal to a step alone only in batches of %s: give one of these"
                .formatted(
                    most,
                    bundle.folder(),
                    BatchSizes.ofSteps(bundle.step(), Integer.MAX_VALUE).text()));
      }
      return sizes;
    }
    long most = Math.max(1, Math.min(LARGEST, LARGEST_BYTES / ModelMemory.stepBytes(bundle)));
    return BatchSizes.ofSteps(bundle.step(), (int) most);
  }
}

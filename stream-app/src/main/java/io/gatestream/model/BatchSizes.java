package io.gatestream.model;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The batch sizes that a session is run with. Where padding is allowed (steps, and a GPU, which
 * prefers few shapes) a batch is padded up to the next size; else it is cut into sizes of the list,
 * which then holds 1. Immutable.
 */
public record BatchSizes(List<Integer> ascending, boolean padded) {
  public BatchSizes {
    ascending = List.copyOf(new TreeSet<>(ascending));
    if (ascending.isEmpty() || ascending.get(0) != 1) {
      throw new IllegalArgumentException("batch sizes %s lack 1".formatted(ascending));
    }
  }

  /** 1, 2, 4, ... and the largest itself. */
  public static BatchSizes buckets(int largest) {
    TreeSet<Integer> sizes = new TreeSet<>(List.of(largest));
    for (int size = 1; size < largest; size *= 2) {
      sizes.add(size);
    }
    return new BatchSizes(List.copyOf(sizes), true);
  }

  static BatchSizes exact(List<Integer> sizes) {
    return new BatchSizes(sizes, false);
  }

  /** 1 and those up to {@code most} that the bundle names as bit-equal to it. */
  public static BatchSizes bitEqual(EncoderSpec encoder, int most) {
    TreeSet<Integer> sizes = new TreeSet<>(encoder.bitEqualBatchSizes());
    sizes.removeIf(size -> size < 1 || size > most);
    sizes.add(1);
    return exact(List.copyOf(sizes));
  }

  /**
   * Those for steps, padded: 1 and the sizes up to {@code most} that the bundle names as bit-equal.
   */
  static BatchSizes ofSteps(StepSpec step, int most) {
    TreeSet<Integer> sizes = new TreeSet<>(step.bitEqualBatchSizes());
    sizes.removeIf(size -> size < 1 || size > most);
    sizes.add(1);
    return new BatchSizes(List.copyOf(sizes), true);
  }

  /** All but some; 1 stays. */
  BatchSizes without(List<Integer> some) {
    return new BatchSizes(
        ascending.stream().filter(size -> size == 1 || !some.contains(size)).toList(), padded);
  }

  /** For people: {@code 1, 2, 4}. */
  public String text() {
    return ascending.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  int largest() {
    return ascending.get(ascending.size() - 1);
  }

  /** How many of {@code remaining} pictures the next run takes: from 1 to all of them. */
  int take(int remaining) {
    if (padded) {
      return Math.min(remaining, largest());
    }
    int taken = 1;
    for (int i = 0; i < ascending.size() && ascending.get(i) <= remaining; i++) {
      taken = ascending.get(i);
    }
    return taken;
  }

  /** The batch dimension of a run that takes {@code pictures}. */
  int dimension(int pictures) {
    int i = 0;
    while (padded && ascending.get(i) < pictures) {
      i++;
    }
    return padded ? ascending.get(i) : pictures;
  }
}

package io.gatestream.model.calibration;

import io.gatestream.config.Provider;
import io.gatestream.model.ModelRuntime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The setups that calibration compares: few, as each costs start-up time. The first is the standard
 * one, which is taken without calibration too.
 */
final class Candidates {
  /** Larger ones gain nothing on a CPU, and keep the first frame waiting for the last. */
  private static final int LARGEST_ON_CPU = 8;

  /** For encoders that gain from a few pictures and lose again by more. */
  private static final int SMALL_ON_CPU = 4;

  private static final List<Integer> GPU_BATCHES = List.of(8, 16, 32, 64);

  private Candidates() {}

  static List<EncoderSetup> of(
      Provider provider, int cores, List<Integer> bitEqualBatches, FixedSetup fixed) {
    Set<EncoderSetup> all =
        provider == Provider.CPU ? onCpu(cores, bitEqualBatches, fixed) : onGpu(fixed);
    all.removeIf(setup -> !fixed.allows(setup));
    return List.copyOf(all);
  }

  private static Set<EncoderSetup> onCpu(
      int cores, List<Integer> bitEqualBatches, FixedSetup fixed) {
    EncoderSetup standard = fixed.over(new EncoderSetup(cores, 1, 1));
    int callers = standard.callers();
    int threads = standard.threads();
    int batch = standard.batch();
    Set<EncoderSetup> all = new LinkedHashSet<>(List.of(standard));
    for (int most : List.of(SMALL_ON_CPU, LARGEST_ON_CPU)) {
      bitEqualBatches.stream()
          .filter(size -> size > 1 && size <= most)
          .max(Integer::compare)
          .ifPresent(size -> all.add(new EncoderSetup(callers, threads, size)));
    }
    all.add(new EncoderSetup(1, cores, batch));
    if (cores >= 4) {
      all.add(new EncoderSetup(cores / 2, 2, batch));
    }
    return all;
  }

  private static Set<EncoderSetup> onGpu(FixedSetup fixed) {
    EncoderSetup standard = fixed.over(new EncoderSetup(1, 1, ModelRuntime.GPU_BATCH));
    Set<EncoderSetup> all = new LinkedHashSet<>(List.of(standard));
    for (int batch : GPU_BATCHES) {
      for (int callers = 1; callers <= 2; callers++) {
        all.add(new EncoderSetup(callers, standard.threads(), batch));
      }
    }
    return all;
  }
}

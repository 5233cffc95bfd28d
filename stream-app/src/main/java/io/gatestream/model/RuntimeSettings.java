package io.gatestream.model;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the sessions run.
 *
 * @param callers threads that call the encoder at once; empty: all processors on the CPU, 1 on a
 *     GPU
 * @param maxBatch most pictures of one encoder call; empty: 1 on the CPU, 32 on a GPU
 * @param intraOpThreads threads inside one call on the CPU
 * @param gpuDeviceId index of the GPU
 * @param gpuMemoryLimitBytes most GPU memory of the arena; empty: no limit
 * @param stepBatch most streams of one step call; empty: the largest bit-equal one that is worth it
 */
public record RuntimeSettings(
    OptionalInt callers,
    OptionalInt maxBatch,
    int intraOpThreads,
    int gpuDeviceId,
    OptionalLong gpuMemoryLimitBytes,
    OptionalInt stepBatch) {
  public static final RuntimeSettings DEFAULT =
      new RuntimeSettings(OptionalInt.empty(), OptionalInt.empty(), 1, 0, OptionalLong.empty());

  /** As the other, with the step's batch left open. */
  public RuntimeSettings(
      OptionalInt callers,
      OptionalInt maxBatch,
      int intraOpThreads,
      int gpuDeviceId,
      OptionalLong gpuMemoryLimitBytes) {
    this(callers, maxBatch, intraOpThreads, gpuDeviceId, gpuMemoryLimitBytes, OptionalInt.empty());
  }

  public RuntimeSettings {
    if (callers.orElse(1) < 1
        || maxBatch.orElse(1) < 1
        || stepBatch.orElse(1) < 1
        || intraOpThreads < 1
        || gpuDeviceId < 0) {
      throw new IllegalArgumentException(
          "callers %s, max batch %s, step batch %s, intra-op threads %d must be at least 1, GPU %d at least 0"
              .formatted(callers, maxBatch, stepBatch, intraOpThreads, gpuDeviceId));
    }
    if (gpuMemoryLimitBytes.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "GPU memory limit %s must be at least 1".formatted(gpuMemoryLimitBytes));
    }
  }

  public RuntimeSettings withMaxBatch(int batch) {
    return new RuntimeSettings(
        callers,
        OptionalInt.of(batch),
        intraOpThreads,
        gpuDeviceId,
        gpuMemoryLimitBytes,
        stepBatch);
  }

  public RuntimeSettings withIntraOpThreads(int threads) {
    return new RuntimeSettings(
        callers, maxBatch, threads, gpuDeviceId, gpuMemoryLimitBytes, stepBatch);
  }

  public RuntimeSettings withCallers(int threads) {
    return new RuntimeSettings(
        OptionalInt.of(threads),
        maxBatch,
        intraOpThreads,
        gpuDeviceId,
        gpuMemoryLimitBytes,
        stepBatch);
  }

  public RuntimeSettings withStepBatch(int streams) {
    return new RuntimeSettings(
        callers,
        maxBatch,
        intraOpThreads,
        gpuDeviceId,
        gpuMemoryLimitBytes,
        OptionalInt.of(streams));
  }
}

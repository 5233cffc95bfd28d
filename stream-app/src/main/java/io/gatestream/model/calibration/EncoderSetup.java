package io.gatestream.model.calibration;

import io.gatestream.model.RuntimeSettings;

/**
 * One way to call the encoder.
 *
 * @param callers calls at once
 * @param threads inside one call on the CPU
 * @param batch most pictures of one call
 */
record EncoderSetup(int callers, int threads, int batch) {
  EncoderSetup {
    if (callers < 1 || threads < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "%d callers, %d threads, batch %d: each must be at least 1"
              .formatted(callers, threads, batch));
    }
  }

  RuntimeSettings in(RuntimeSettings settings) {
    return settings.withCallers(callers).withIntraOpThreads(threads).withMaxBatch(batch);
  }
}

package io.gatestream.model.calibration;

import io.gatestream.config.RunConfig;
import java.util.OptionalInt;

/** What the user says of callers, threads and batch: calibration leaves it as it is. */
record FixedSetup(OptionalInt callers, OptionalInt threads, OptionalInt batch) {
  static FixedSetup of(RunConfig.Compute compute) {
    return new FixedSetup(
        compute.encoderCallers(), compute.encoderThreads(), compute.encoderBatch());
  }

  /** {@code setup} with all that is fixed in its place. */
  EncoderSetup over(EncoderSetup setup) {
    return new EncoderSetup(
        callers.orElse(setup.callers()),
        threads.orElse(setup.threads()),
        batch.orElse(setup.batch()));
  }

  boolean allows(EncoderSetup setup) {
    return over(setup).equals(setup);
  }
}

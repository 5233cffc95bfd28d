package io.gatestream.model.calibration;

import io.gatestream.config.Provider;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.model.BatchSizes;
import io.gatestream.model.ComputePlan;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.OpenGraphs;
import io.gatestream.model.RuntimeSettings;
import java.util.OptionalLong;

/**
 * An open model with the threads and batches that suit this machine. Opened and closed by one
 * thread.
 *
 * <p>Workers are as many as cores unless given: each decodes a frame and encodes it before it takes
 * the next, so more would only take turns on the same cores, and fewer leave one idle. On a GPU the
 * cores decode for it.
 *
 * @param runtime closed by this object
 * @param plan how it runs
 */
public record CalibratedRuntime(ModelRuntime runtime, ComputePlan plan) implements AutoCloseable {

  /**
   * Opens a bundle. Where numbers are not given and calibration is enabled, takes those of an
   * earlier calibration or calibrates now, which takes seconds, and says so in one line of the log.
   *
   * @throws ConfigException the bundle or the provider cannot be used, or the batch that is given
   *     is not bit-equal on the CPU; with provider {@code auto} a smaller one is used there
   * @throws io.gatestream.errors.OutageException interrupted meanwhile
   */
  public static CalibratedRuntime open(ModelBundle bundle, RunConfig.Compute compute) {
    RuntimeSettings settings =
        new RuntimeSettings(
            compute.encoderCallers(),
            compute.encoderBatch(),
            compute.encoderThreads().orElse(1),
            compute.gpuDevice(),
            OptionalLong.of(compute.gpuMemoryBytes()),
            compute.stepBatch());
    boolean onCpu = compute.provider() == Provider.CPU;
    int batch = compute.encoderBatch().orElse(1);
    if (onCpu) {
      requireNamed(bundle, batch);
    }
    ModelRuntime standard = ModelRuntime.open(bundle, compute.provider(), settings);
    try {
      if (onCpu) {
        requireEqualHere(bundle, batch, standard);
      }
      Calibration.Opened opened =
          compute.calibration().enabled()
              ? new Calibration(bundle, compute, settings, standard).open()
              : Calibration.Opened.of(standard, settings.intraOpThreads(), compute);
      return new CalibratedRuntime(opened.runtime(), opened.plan());
    } catch (RuntimeException e) {
      OpenGraphs.closeAfter(standard, e);
      throw e;
    }
  }

  /** Cutting them in silence would hide that the setting does nothing. */
  private static void requireNamed(ModelBundle bundle, int batch) {
    BatchSizes named = BatchSizes.bitEqual(bundle.encoder(), Integer.MAX_VALUE);
    if (!named.ascending().contains(batch)) {
      throw new ConfigException(
          "encoder.batch is %d, and model.json does not name it among the sizes that are bit-equal to single frames on a CPU: take one of %s"
              .formatted(batch, named.text()));
    }
  }

  private static void requireEqualHere(ModelBundle bundle, int batch, ModelRuntime runtime) {
    BatchSizes here = runtime.ortEncoder().sizes();
    if (!here.ascending().contains(batch)) {
      throw new ConfigException(
          "encoder.batch is %d, and on this machine %s gives other features in such a batch than for one frame: take one of %s"
              .formatted(batch, bundle.encoder().file(), here.text()));
    }
  }

  /** As {@link #open}, to know the plan only. */
  public static ComputePlan plan(ModelBundle bundle, RunConfig.Compute compute) {
    try (CalibratedRuntime opened = open(bundle, compute)) {
      return opened.plan;
    }
  }

  @Override
  public void close() {
    runtime.close();
  }
}

package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions of a bundle, warmed up. Encoder and step may be used by any thread until {@link
 * #close}, which waits for calls that run. The step stays on the CPU: one small call on a GPU costs
 * more in launches and copies than it saves.
 */
public final class ModelRuntime implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelRuntime.class);
  public static final int GPU_BATCH = 32;

  private final Provider provider;
  private final OrtFrameEncoder encoder;
  private final OrtRecurrentStep step;

  private ModelRuntime(Provider provider, OrtFrameEncoder encoder, OrtRecurrentStep step) {
    this.provider = provider;
    this.encoder = encoder;
    this.step = step;
  }

  /**
   * Opens both graphs, compares them with model.json and runs each once. On a CPU batches are at
   * most the largest size up to that of the settings that is bit-equal to batch 1, here too.
   *
   * @throws ConfigException the graphs are not what model.json says, or the provider cannot be had;
   *     only {@code AUTO} falls back to the CPU, with one line in the log
   */
  public static ModelRuntime open(ModelBundle bundle, Provider provider, RuntimeSettings settings) {
    return switch (provider) {
      case CPU -> openCpu(bundle, settings);
      case CUDA, TENSORRT -> openOn(bundle, provider, settings, gpuSizes(settings));
      case AUTO -> {
        try {
          yield openOn(bundle, Provider.CUDA, settings, gpuSizes(settings));
        } catch (ConfigException e) {
          log.info("provider auto: the encoder runs on the CPU; {}", e.getMessage());
          yield openCpu(bundle, settings);
        }
      }
    };
  }

  /** Where the encoder runs: never {@code AUTO}. */
  public Provider provider() {
    return provider;
  }

  /** The encoder; closed by this object. */
  public FrameEncoder encoder() {
    return encoder;
  }

  public OrtFrameEncoder ortEncoder() {
    return encoder;
  }

  /** The step; closed by this object. */
  public RecurrentStep step() {
    return step;
  }

  private static BatchSizes gpuSizes(RuntimeSettings settings) {
    return BatchSizes.buckets(settings.maxBatch().orElse(GPU_BATCH));
  }

  private static ModelRuntime openCpu(ModelBundle bundle, RuntimeSettings settings) {
    int most = settings.maxBatch().orElse(1);
    BatchSizes verified = BatchSizes.bitEqual(bundle.encoder(), most);
    if (verified.largest() < most) {
      log.info(
          "{}: batches of at most {} in place of {}: larger ones were not found bit-equal",
          bundle.encoder().file(),
          verified.largest(),
          most);
    }
    ModelRuntime runtime = openOn(bundle, Provider.CPU, settings, verified);
    if (verified.largest() == 1) {
      return runtime;
    }
    List<Integer> unequal = WarmUp.unequalSizes(runtime.encoder, runtime.encoder, bundle);
    if (unequal.isEmpty()) {
      return runtime;
    }
    runtime.close();
    BatchSizes left = verified.without(unequal);
    log.info(
        "{}: batches of {} are not bit-equal to batch 1 on this machine: those of {} are used",
        bundle.encoder().file(),
        unequal,
        left.ascending());
    return openOn(bundle, Provider.CPU, settings, left);
  }

  private static ModelRuntime openOn(
      ModelBundle bundle, Provider provider, RuntimeSettings settings, BatchSizes sizes) {
    int callers =
        settings
            .callers()
            .orElse(provider == Provider.CPU ? Runtime.getRuntime().availableProcessors() : 1);
    OrtEnvironment environment = NativeEnvironment.get();
    BatchSizes stepSizes = StepSizes.of(bundle, settings.stepBatch());
    OpenGraphs graphs = OpenGraphs.open(environment, bundle, provider, settings, sizes);
    OrtFrameEncoder encoder =
        new OrtFrameEncoder(graphs.encoder(), environment, bundle, sizes, callers);
    ModelRuntime runtime =
        new ModelRuntime(
            provider,
            encoder,
            new OrtRecurrentStep(graphs.step(), environment, bundle.step(), stepSizes));
    try {
      runtime.warmUp(bundle, settings);
      return runtime;
    } catch (RuntimeException e) {
      OpenGraphs.closeAfter(runtime, e);
      throw e;
    }
  }

  private void warmUp(ModelBundle bundle, RuntimeSettings settings) {
    try {
      WarmUp.run(encoder, step, bundle);
      step.keepBitEqual();
      if (settings.stepBatch().isEmpty()
          && !StepWorth.isWorthIt(encoder, step, bundle, System::nanoTime)) {
        step.keepAlone();
      }
    } catch (IllegalStateException | OutageException e) {
      if (provider != Provider.CPU) {
        throw ProviderFailure.of(provider, e);
      }
      throw new ConfigException(
          "%s: the first inference fails: %s".formatted(bundle.folder(), e.getMessage()), e);
    }
  }

  /** Closes the step, then the encoder; may be repeated. */
  @Override
  public void close() {
    try (encoder) {
      step.close();
    }
  }
}

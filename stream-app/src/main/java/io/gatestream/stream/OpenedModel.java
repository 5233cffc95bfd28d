package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.frame.decode.NativeSetup;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ComputePlan;
import io.gatestream.model.EventRules;
import io.gatestream.model.EventRulesReader;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelMemory;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.calibration.CalibratedRuntime;
import io.gatestream.stream.state.StoreLibraries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundle that classifies, opened, calibrated and warmed up, where the memory that all of the
 * application needs is there.
 *
 * @param events the rules that count, none where events are off
 * @param calibrated closed by this object
 * @param stateRecordBytes the most that a state's record takes in the changelog
 */
record OpenedModel(
    ModelBundle bundle, EventRules events, CalibratedRuntime calibrated, int stateRecordBytes)
    implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenedModel.class);

  /**
   * Opens what the settings name, and loads the native libraries: what cannot be had is said at
   * once, whether or not brokers run.
   *
   * @throws ConfigException the bundle, the provider or the settings cannot be used
   */
  static OpenedModel open(RunConfig config) {
    ModelBundle bundle = BundleReader.load(config.model());
    EventRules events = EventRulesReader.inForce(bundle, config.events());
    int stateBytes = FrameProcessorSupplier.stateRecordBytes(bundle, events);
    if (stateBytes > config.pollBounds().maxRecordBytes()) {
      throw new ConfigException(
          "max.record.bytes is %d, and a state of this model takes up to %d: raise it"
              .formatted(config.pollBounds().maxRecordBytes(), stateBytes));
    }
    NativeSetup.load();
    StoreLibraries.load();
    Resources resources = new Resources();
    try {
      CalibratedRuntime calibrated = resources.add(calibrated(bundle, config.compute()));
      OpenedModel opened = new OpenedModel(bundle, events, calibrated, stateBytes);
      opened.planMemory(config);
      return opened;
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** Opening and calibrating take buffers too, before it is known how many are needed. */
  private static CalibratedRuntime calibrated(ModelBundle bundle, RunConfig.Compute compute) {
    try {
      return CalibratedRuntime.open(bundle, compute);
    } catch (OutOfMemoryError e) {
      if (String.valueOf(e.getMessage()).contains("direct buffer")) {
        throw MemoryPlan.usedUp(e);
      }
      throw e;
    }
  }

  ModelRuntime runtime() {
    return calibrated.runtime();
  }

  ComputePlan plan() {
    return calibrated.plan();
  }

  /** Decoded pictures that may exist at once: as set, or so many that nobody waits for another. */
  int pixelSlots(RunConfig.Compute compute, FrameEncoder encoder) {
    return compute
        .pixelSlots()
        .orElse(
            plan().workers()
                + compute.streamThreads()
                + 2 * encoder.callers() * encoder.maxBatch()
                + 1);
  }

  private void planMemory(RunConfig config) {
    FrameEncoder encoder = runtime().encoder();
    MemoryPlan memory =
        MemoryPlan.of(
            MemoryLimits.here(),
            new MemoryPlan.Needs(
                config.compute().streamThreads(),
                plan().workers(),
                pixelSlots(config.compute(), encoder),
                bundle.input().bytes(),
                encoder.callers(),
                encoder.maxBatch(),
                bundle.featureSize(),
                ModelMemory.stepBytes(bundle),
                runtime().step().maxBatch(),
                ModelMemory.fileBytes(bundle),
                config.pollBounds().fetchBytes(),
                config.pollBounds().maxRecordBytes(),
                config.storage().storeCacheBytes(),
                config.storage().hotStateBytes(),
                config.storage().rocksDbBytes(),
                config.limits().maxPixels()));
    memory.lines().forEach(line -> log.debug("memory: {}", line));
    memory.check().forEach(log::warn);
  }

  @Override
  public void close() {
    calibrated.close();
  }
}

package io.gatestream.model.calibration;

import io.gatestream.config.Provider;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.OutageException;
import io.gatestream.model.ComputePlan;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.OpenGraphs;
import io.gatestream.model.RuntimeSettings;
import io.gatestream.model.WarmUp;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the best setup for a bundle on this machine, in the cache or by measuring, and opens it.
 *
 * <p>On a CPU no setup is used whose features differ in a bit from those of the standard one, one
 * picture at a time: the contest checks it before it measures, and the check is made again at each
 * start, whatever the cache says. Labels therefore never depend on a calibration. Used once, by one
 * thread.
 */
final class Calibration {
  private static final Logger log = LoggerFactory.getLogger(Calibration.class);
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ModelBundle bundle;
  private final RunConfig.Compute compute;
  private final RuntimeSettings settings;
  private final ModelRuntime standard;
  private final FixedSetup fixed;
  private final List<EncoderSetup> candidates;

  /**
   * Prepares a calibration.
   *
   * @param settings of {@code standard}
   * @param standard the runtime that would be used without calibration
   */
  Calibration(
      ModelBundle bundle,
      RunConfig.Compute compute,
      RuntimeSettings settings,
      ModelRuntime standard) {
    this.bundle = bundle;
    this.compute = compute;
    this.settings = settings;
    this.standard = standard;
    this.fixed = FixedSetup.of(compute);
    this.candidates =
        Candidates.of(
            standard.provider(),
            Runtime.getRuntime().availableProcessors(),
            bundle.encoder().bitEqualBatchSizes(),
            fixed);
  }

  /** A runtime that is open, and how it runs. */
  record Opened(ModelRuntime runtime, ComputePlan plan) {
    static Opened of(ModelRuntime runtime, int threads, RunConfig.Compute compute) {
      return new Opened(
          runtime,
          new ComputePlan(
              runtime.encoder().callers(),
              threads,
              runtime.encoder().maxBatch(),
              compute.workers().orElse(Runtime.getRuntime().availableProcessors())));
    }
  }

  /** The standard runtime, or another, after the standard one has been closed. */
  Opened open() {
    if (candidates.size() == 1) {
      return Opened.of(standard, settings.intraOpThreads(), compute);
    }
    CalibrationKey key =
        CalibrationKey.here(bundle, standard.provider(), compute.gpuDevice(), fixed);
    CalibrationCache cache = new CalibrationCache(compute.calibration().folder());
    Optional<EncoderSetup> known = cache.find(key).filter(candidates::contains);
    EncoderSetup choice = known.orElseGet(this::measure);
    String origin =
        known.isPresent()
            ? "from " + cache.file(key)
            : cache.keep(key, choice) ? "kept in " + cache.file(key) : "not kept";
    Opened opened = open(choice);
    log.info("calibrated: {}; {}", opened.plan().text(), origin);
    return opened;
  }

  private EncoderSetup measure() {
    try (EncoderContest contest =
        new EncoderContest(bundle, settings, standard, System::nanoTime)) {
      return new Calibrator(System::nanoTime, LIMIT_NANOS).choose(candidates, contest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException("interrupted during the calibration", e);
    }
  }

  private Opened open(EncoderSetup choice) {
    Opened asStandard = Opened.of(standard, settings.intraOpThreads(), compute);
    if (choice.equals(candidates.get(0))) {
      return asStandard;
    }
    if (standard.provider() != Provider.CPU) {
      standard.close(); // there may not be memory for both
      ModelRuntime chosen = ModelRuntime.open(bundle, standard.provider(), choice.in(settings));
      return Opened.of(chosen, choice.threads(), compute);
    }
    ModelRuntime chosen = ModelRuntime.open(bundle, Provider.CPU, choice.in(settings));
    try {
      if (!WarmUp.unequalSizes(chosen.ortEncoder(), standard.ortEncoder(), bundle).isEmpty()) {
        chosen.close();
        log.info("{} gives other features here: the standard setup stays", choice);
        return asStandard;
      }
      standard.close();
      return Opened.of(chosen, choice.threads(), compute);
    } catch (RuntimeException e) {
      OpenGraphs.closeAfter(chosen, e);
      throw e;
    }
  }
}

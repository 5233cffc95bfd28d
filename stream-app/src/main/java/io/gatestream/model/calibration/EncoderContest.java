package io.gatestream.model.calibration;

import io.gatestream.config.Provider;
import io.gatestream.model.BatchSizes;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.NativeEnvironment;
import io.gatestream.model.OpenGraphs;
import io.gatestream.model.OrtFrameEncoder;
import io.gatestream.model.OrtGraph;
import io.gatestream.model.RuntimeSettings;
import io.gatestream.model.WarmUp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Measures setups on real sessions: that of the standard runtime where it will do, else one of its
 * own, closed with this object. Used by one thread.
 */
final class EncoderContest implements Calibrator.Contest, AutoCloseable {
  private static final long ROUND_NANOS = 200_000_000;

  private final ModelBundle bundle;
  private final Provider provider;
  private final RuntimeSettings settings;
  private final OrtFrameEncoder standard;
  private final CallerLoop loop;
  private final Map<Integer, OrtGraph> opened = new HashMap<>();
  private final List<OrtFrameEncoder> entrants = new ArrayList<>();

  /**
   * Prepares a contest.
   *
   * @param settings of the standard runtime
   * @param standard stays the caller's to close, after this
   */
  EncoderContest(
      ModelBundle bundle, RuntimeSettings settings, ModelRuntime standard, LongSupplier nanos) {
    this.bundle = bundle;
    this.provider = standard.provider();
    this.settings = settings;
    this.standard = standard.ortEncoder();
    this.loop = new CallerLoop(nanos, 0, ROUND_NANOS);
  }

  @Override
  public Calibrator.Entrant enter(EncoderSetup setup) {
    BatchSizes sizes = sizes(setup);
    OrtFrameEncoder encoder =
        new OrtFrameEncoder(
            graph(setup, sizes), NativeEnvironment.get(), bundle, sizes, setup.callers());
    entrants.add(encoder);
    boolean keepsFeatures =
        provider != Provider.CPU || WarmUp.unequalSizes(encoder, standard, bundle).isEmpty();
    int batch = encoder.maxBatch();
    ByteBuffer pictures = WarmUp.pictures(bundle, batch);
    encoder.encode(pictures, batch);
    return new Calibrator.Entrant() {
      @Override
      public boolean keepsFeatures() {
        return keepsFeatures;
      }

      @Override
      public double picturesPerSecond() throws InterruptedException {
        return loop.rate(setup.callers(), () -> encoder.encode(pictures, batch).length);
      }
    };
  }

  private BatchSizes sizes(EncoderSetup setup) {
    if (settings.maxBatch().isPresent()) {
      return standard.sizes(); // the same for all, and cut to what is bit-equal here
    }
    return provider == Provider.CPU
        ? BatchSizes.bitEqual(bundle.encoder(), setup.batch())
        : BatchSizes.buckets(setup.batch());
  }

  /** One for each number of threads on a CPU; TensorRT builds an engine for a largest batch. */
  private OrtGraph graph(EncoderSetup setup, BatchSizes sizes) {
    boolean isOfStandard =
        provider == Provider.TENSORRT
            ? setup.batch() == standard.maxBatch()
            : setup.threads() == settings.intraOpThreads();
    if (isOfStandard) {
      return standard.graph();
    }
    int key = provider == Provider.TENSORRT ? setup.batch() : setup.threads();
    OrtGraph known = opened.get(key);
    if (known == null) {
      known =
          OpenGraphs.openEncoder(
              NativeEnvironment.get(),
              bundle,
              provider,
              settings.withIntraOpThreads(setup.threads()),
              sizes);
      opened.put(key, known);
    }
    return known;
  }

  @Override
  public void close() {
    entrants.forEach(OrtFrameEncoder::freeOutputs);
    opened.values().forEach(OrtGraph::close);
  }
}

package io.gatestream.stream.steps;

import io.gatestream.metrics.Metric;
import io.gatestream.model.StepCall;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts how the processor came by its steps. Thread-safe. */
public final class StepMeters {
  private final Counter ahead;
  private final Counter wave;
  private final Counter alone;
  private final Map<StepCall.Difference, Counter> missed = new EnumMap<>(StepCall.Difference.class);
  private final DistributionSummary batch;

  /** Registers the meters; every one is there before its first event. */
  public StepMeters(MeterRegistry metrics) {
    this.ahead = Metric.STEPS_TAKEN.counter(metrics, "ahead");
    this.wave = Metric.STEPS_TAKEN.counter(metrics, "wave");
    this.alone = Metric.STEPS_TAKEN.counter(metrics, "alone");
    for (StepCall.Difference why : StepCall.Difference.values()) {
      if (why != StepCall.Difference.NONE) {
        missed.put(
            why,
            Metric.STEPS_TAKEN.counter(metrics, "other_" + why.name().toLowerCase(Locale.ROOT)));
      }
    }
    this.batch = Metric.STEP_BATCH.summary(metrics);
  }

  /** A step was there already. */
  void taken() {
    ahead.increment();
  }

  /** A step was there, and of another call. */
  void missed(StepCall.Difference why) {
    Counter counter = missed.get(why);
    if (counter != null) {
      counter.increment();
    }
  }

  /** A step was made now, with others or alone; not counted where {@link #missed} counts it. */
  void made(boolean counted, int streams) {
    if (counted) {
      (streams > 1 ? wave : alone).increment();
    }
    batch.record(streams);
  }
}

package io.gatestream.stream.steps;

import io.gatestream.lookahead.FeatureSource;
import io.gatestream.model.RecurrentStep;
import io.micrometer.core.instrument.MeterRegistry;

/** The steps of all stream threads of an application: each has its own. Thread-safe. */
public final class StepThreads {
  private final ThreadLocal<StepsAhead> ofThread;
  private final HotStates.Budget hotStates;

  /**
   * Creates them.
   *
   * @param step stays the caller's to close, after this
   * @param hotBytes what the hot states of all tasks may take together; 0 keeps none, and makes
   *     each step alone, for a state is known by its object
   */
  public StepThreads(
      FeatureSource features,
      RecurrentStep step,
      RecordRules rules,
      long hotBytes,
      MeterRegistry metrics) {
    StepMeters meters = new StepMeters(metrics);
    this.ofThread =
        ThreadLocal.withInitial(
            () ->
                new StepsAhead(features, step, rules, hotBytes > 0 ? step.maxBatch() : 1, meters));
    this.hotStates = new HotStates.Budget(hotBytes);
  }

  /** Those of the calling stream thread. */
  public StepsAhead ofThisThread() {
    return ofThread.get();
  }

  /** Room for the states of one task. */
  public HotStates newTask() {
    return new HotStates(hotStates);
  }
}

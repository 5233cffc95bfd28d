package io.gatestream.bench;

import io.gatestream.errors.Causes;
import io.gatestream.errors.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What is seen of an application while it runs.
 *
 * @param samples in the order of time
 * @param usage read from the first sample to the last
 */
record Recording(List<Sample> samples, UsageLog usage) {
  private static final long STEP_MILLIS = 20;
  private static final long USAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PATIENCE_SECONDS = 60;

  /** When enough is seen. */
  interface End {
    /**
     * Asked after each sample from the first label on.
     *
     * @param first the first sample that has a label
     */
    boolean isReached(Sample first, Sample now);
  }

  /**
   * Watches an application that has been started.
   *
   * @throws OutageException it failed, or made no label for a minute
   */
  static Recording of(MeasuredApp app, Supplier<Usage> usage, End end) throws InterruptedException {
    List<Sample> samples = new ArrayList<>();
    UsageLog log = new UsageLog();
    long begun = System.nanoTime();
    Sample first = null;
    boolean isOver = false;
    while (!isOver) {
      Thread.sleep(STEP_MILLIS);
      Sample now = new Sample(System.nanoTime(), app.labelled(), app.encoded());
      samples.add(now);
      if (app.failure().isPresent()) {
        Throwable failure = app.failure().get();
        throw new OutageException(Causes.text(failure), failure);
      }
      if (first == null && now.labelled() > 0) {
        first = now;
      }
      if (first == null && now.nanos() - begun > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new OutageException("no label within %d s".formatted(PATIENCE_SECONDS));
      }
      isOver = first != null && end.isReached(first, now);
      if (isOver || log.isOlderThan(USAGE_NANOS, now.nanos())) {
        log.add(now.nanos(), usage.get());
      }
    }
    return new Recording(List.copyOf(samples), log);
  }

  Usage usageAt(Sample sample) {
    return usage.at(sample.nanos());
  }

  /** Frames labelled in all. */
  long labelled() {
    return samples.get(samples.size() - 1).labelled();
  }
}

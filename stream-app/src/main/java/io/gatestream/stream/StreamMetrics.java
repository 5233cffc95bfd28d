package io.gatestream.stream;

import io.gatestream.frame.FrameDecodeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts for watching, never for proof: a transaction that aborts counts its frames again.
 * Thread-safe.
 */
final class StreamMetrics {
  private final MeterRegistry registry;
  private final Counter labelled;
  private final Counter duplicates;
  private final Counter skipped;

  StreamMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.labelled = frames("labelled");
    this.duplicates = frames("duplicate");
    this.skipped = frames("skipped");
  }

  private Counter frames(String outcome) {
    return Counter.builder("gatestream.frames")
        .description("Frames by what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  void labelled(int frames) {
    labelled.increment(frames);
  }

  void duplicates(int frames) {
    duplicates.increment(frames);
  }

  void skipped(int frames) {
    skipped.increment(frames);
  }

  void rejected(FrameDecodeException.Reason reason) {
    Counter.builder("gatestream.records.rejected")
        .description("Records rejected, by reason")
        .tag("reason", reason.name())
        .register(registry)
        .increment();
  }
}

package io.gatestream.stream.watch;

import static io.gatestream.metrics.Metric.*;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.metrics.Metric;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.StreamProgress;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Counts what the stream policy decides, for watching, never for proof: a transaction that aborts
 * counts its frames again. Every counter is there from the start, at 0. Thread-safe.
 */
public final class StreamMetrics {
  private final Counter labelled;
  private final Counter duplicates;
  private final Counter skipped;
  private final Counter overrun;
  private final Counter rejectedFrames;
  private final Map<Admission.Cause, Counter> dropped;
  private final Counter tombstones;
  private final Counter controls;
  private final Counter refused;
  private final Counter removed;
  private final Map<Reset, Counter> resets;
  private final Map<FrameDecodeException.Reason, Counter> rejected;
  private final Map<EventPhase, Counter> told;

  public StreamMetrics(MeterRegistry registry) {
    labelled = FRAMES.counter(registry, "labelled");
    duplicates = FRAMES.counter(registry, "duplicate");
    skipped = FRAMES.counter(registry, "skipped");
    rejectedFrames = FRAMES.counter(registry, "rejected");
    overrun = FRAMES_OVERRUN.counter(registry, "latest");
    dropped = byName(registry, FRAMES_DROPPED, Admission.Cause.class);
    tombstones = RESET_REQUESTS.counter(registry, "tombstone");
    controls = RESET_REQUESTS.counter(registry, "control");
    refused = STATES_REFUSED.counter(registry, "MODEL_CHANGED");
    removed = STATES_REMOVED.counter(registry, "IDLE");
    resets = byName(registry, RESETS, Reset.class);
    rejected = byName(registry, RECORDS_REJECTED, FrameDecodeException.Reason.class);
    told = byName(registry, EVENTS, EventPhase.class);
  }

  private static <E extends Enum<E>> Map<E, Counter> byName(
      MeterRegistry registry, Metric metric, Class<E> type) {
    Map<E, Counter> counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      if (constant != Reset.NONE) {
        counters.put(constant, metric.counter(registry, constant.name()));
      }
    }
    return counters;
  }

  public void labelled(Reset reset) {
    labelled.increment();
    Counter begun = resets.get(reset);
    if (begun != null) {
      begun.increment();
    }
  }

  /**
   * Frames of a record that got no label, as the stream's counts tell.
   *
   * @param cause why frames were dropped, where some were
   */
  public void counted(StreamProgress before, StreamProgress after, Admission.Cause cause) {
    long more = after.duplicates() - before.duplicates();
    increment(duplicates, more);
    increment(Objects.requireNonNull(dropped.get(cause)), more);
    increment(skipped, after.skipped() - before.skipped());
    increment(rejectedFrames, after.rejected() - before.rejected());
  }

  /** Frames of a record that was skipped for overload; {@link #counted} counts them too. */
  public void overrun(int frames) {
    overrun.increment(frames);
  }

  /** A record without a key, which belongs to no stream and counts as one frame. */
  public void countedWithoutStream() {
    rejectedFrames.increment();
  }

  private static void increment(Counter counter, long frames) {
    if (frames != 0) {
      counter.increment((double) frames);
    }
  }

  public void rejected(FrameDecodeException.Reason reason) {
    Counter counter = rejected.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  public void resetRequested(boolean byTombstone) {
    (byTombstone ? tombstones : controls).increment();
  }

  /** A record of an event was written. */
  public void told(EventPhase phase) {
    Objects.requireNonNull(told.get(phase)).increment();
  }

  public void refused() {
    refused.increment();
  }

  public void removed(int states) {
    removed.increment(states);
  }
}

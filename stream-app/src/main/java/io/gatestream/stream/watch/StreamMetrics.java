package io.gatestream.stream.watch;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.StreamProgress;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

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

  public StreamMetrics(MeterRegistry registry) {
    String frames = "Frames by what became of them";
    labelled = counter(registry, "gatestream.frames", frames, "outcome", "labelled");
    duplicates = counter(registry, "gatestream.frames", frames, "outcome", "duplicate");
    skipped = counter(registry, "gatestream.frames", frames, "outcome", "skipped");
    rejectedFrames = counter(registry, "gatestream.frames", frames, "outcome", "rejected");
    overrun =
        counter(
            registry,
            "gatestream.frames.overrun",
            "Frames skipped because their partition lagged too much; among the skipped",
            "overload",
            "latest");
    dropped =
        byName(
            Admission.Cause.class,
            cause ->
                counter(
                    registry,
                    "gatestream.frames.dropped",
                    "Frames dropped as duplicates, by why",
                    "reason",
                    cause.name()));
    String requests = "Resets asked for, by what asked";
    tombstones = counter(registry, "gatestream.reset.requests", requests, "by", "tombstone");
    controls = counter(registry, "gatestream.reset.requests", requests, "by", "control");
    refused =
        counter(
            registry,
            "gatestream.states.refused",
            "Times that a state of another model was met under model.change=refuse",
            "reason",
            "MODEL_CHANGED");
    removed =
        counter(
            registry,
            "gatestream.states.removed",
            "Idle states whose tensors were removed",
            "reason",
            "IDLE");
    resets =
        byName(
            Reset.class,
            reset ->
                counter(
                    registry, "gatestream.resets", "States begun anew", "reason", reset.name()));
    rejected =
        byName(
            FrameDecodeException.Reason.class,
            reason ->
                counter(
                    registry,
                    "gatestream.records.rejected",
                    "Records rejected, by reason",
                    "reason",
                    reason.name()));
  }

  private static <E extends Enum<E>> Map<E, Counter> byName(
      Class<E> type, Function<E, Counter> counter) {
    Map<E, Counter> counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      if (constant != Reset.NONE) {
        counters.put(constant, counter.apply(constant));
      }
    }
    return counters;
  }

  private static Counter counter(
      MeterRegistry registry, String name, String description, String tag, String value) {
    return Counter.builder(name).description(description).tag(tag, value).register(registry);
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

  public void refused() {
    refused.increment();
  }

  public void removed(int states) {
    removed.increment(states);
  }
}

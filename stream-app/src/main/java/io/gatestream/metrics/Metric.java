package io.gatestream.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.ToDoubleFunction;

/**
 * Every metric of an application. {@code /metrics} and docs/metrics.md have name, tag and
 * description from here. Metrics are for watching: nothing is decided by one.
 */
public enum Metric {
  FRAMES(
      Meter.Type.COUNTER,
      "gatestream.frames",
      "frames",
      "outcome",
      "Frames by what became of them."),
  FRAMES_OVERRUN(
      Meter.Type.COUNTER,
      "gatestream.frames.overrun",
      "frames",
      "overload",
      "Frames skipped because their partition lagged too much. They are among the skipped."),
  FRAMES_DROPPED(
      Meter.Type.COUNTER,
      "gatestream.frames.dropped",
      "frames",
      "reason",
      "Frames dropped as duplicates, by why."),
  RECORDS_REJECTED(
      Meter.Type.COUNTER,
      "gatestream.records.rejected",
      "records",
      "reason",
      "Records rejected, by why."),
  RECORDS_MISPLACED(
      Meter.Type.COUNTER,
      "gatestream.records.misplaced",
      "records",
      "reason",
      "Records on another partition than Kafka's default partitioner gives their key."),
  RESETS(Meter.Type.COUNTER, "gatestream.resets", "states", "reason", "States begun anew, by why."),
  RESET_REQUESTS(
      Meter.Type.COUNTER,
      "gatestream.reset.requests",
      "records",
      "by",
      "Resets asked for, by what asked."),
  STATES_REFUSED(
      Meter.Type.COUNTER,
      "gatestream.states.refused",
      "states",
      "reason",
      "Times that a state of another model was met under model.change=refuse."),
  STATES_REMOVED(
      Meter.Type.COUNTER,
      "gatestream.states.removed",
      "states",
      "reason",
      "Idle states whose tensors were removed."),
  LOOKAHEAD_TAKEN(
      Meter.Type.COUNTER,
      "gatestream.lookahead.taken",
      "records",
      "how",
      "Records by how the processor got their features: finished ahead, waited for, or made here."),
  LOOKAHEAD_QUEUED(
      Meter.Type.GAUGE,
      "gatestream.lookahead.queued",
      "records",
      "",
      "Records that wait for a worker to decode them."),
  PIXEL_SLOTS_FREE(
      Meter.Type.GAUGE,
      "gatestream.pixel.slots.free",
      "slots",
      "",
      "Pixel slots that hold no decoded picture."),
  ENCODE(Meter.Type.TIMER, "gatestream.encode", "seconds", "", "Time of one call of the encoder."),
  ENCODE_BATCH(
      Meter.Type.DISTRIBUTION_SUMMARY,
      "gatestream.encode.batch",
      "pictures",
      "",
      "Pictures in one call of the encoder."),
  PASS(
      Meter.Type.TIMER,
      "gatestream.pass",
      "seconds",
      "",
      "Work of a stream thread from one commit to the next."),
  PASSES_LOST(
      Meter.Type.COUNTER,
      "gatestream.passes.lost",
      "passes",
      "",
      "Passes that could not be committed and are done again.");

  private final Meter.Type type;
  private final String id;
  private final String unit;
  private final String tag;
  private final String sentence;

  /**
   * Lists one.
   *
   * @param tag the key of its tag, empty where it has none
   */
  Metric(Meter.Type type, String id, String unit, String tag, String sentence) {
    this.type = type;
    this.id = id;
    this.unit = unit;
    this.tag = tag;
    this.sentence = sentence;
  }

  public Meter.Type type() {
    return type;
  }

  /** As Micrometer has it: {@code gatestream.frames}. */
  public String id() {
    return id;
  }

  public String unit() {
    return unit;
  }

  public String tag() {
    return tag;
  }

  public String sentence() {
    return sentence;
  }

  public Counter counter(MeterRegistry registry) {
    return Counter.builder(id).description(sentence).register(registry);
  }

  /** The counter of a value of the tag. */
  public Counter counter(MeterRegistry registry, String value) {
    return Counter.builder(id).description(sentence).tag(tag, value).register(registry);
  }

  /** Shows a figure of an object, for as long as others hold the object. */
  public <T> void gauge(MeterRegistry registry, T object, ToDoubleFunction<T> figure) {
    Gauge.builder(id, object, figure).description(sentence).register(registry);
  }

  public Timer timer(MeterRegistry registry) {
    return Timer.builder(id).description(sentence).register(registry);
  }

  public DistributionSummary summary(MeterRegistry registry) {
    return DistributionSummary.builder(id).description(sentence).register(registry);
  }
}

package io.gatestream.metrics;

import static io.micrometer.core.instrument.Meter.Type.*;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Every metric of an application. {@code /metrics} and docs/metrics.md have name, tag and
 * description from here. Metrics are for watching: nothing is decided by one.
 */
public enum Metric {
  FRAMES(
      COUNTER,
      "frames",
      "outcome",
      "Frames by what became of them: labelled, skipped, dropped as duplicates or rejected."),
  FRAMES_OVERRUN(
      COUNTER,
      "frames",
      "overload",
      "Frames skipped because their partition lagged by more than overload.records. They are"
          + " among the skipped."),
  FRAMES_DROPPED(COUNTER, "frames", "reason", "Frames dropped as duplicates, by what they repeat."),
  RECORDS_REJECTED(
      COUNTER,
      "records",
      "reason",
      "Records sent to the rejected topic, by what is wrong with them."),
  RECORDS_MISPLACED(
      COUNTER,
      "records",
      "reason",
      "Records on another partition than Kafka's default partitioner gives their key."),
  EVENTS(COUNTER, "records", "phase", "Records of events: those that began, go on and ended."),
  RESETS(COUNTER, "states", "reason", "Stream states begun anew from zero, by the reason."),
  RESET_REQUESTS(
      COUNTER,
      "records",
      "by",
      "Records that asked for a reset of their stream, by their form: a null value or a header."),
  STATES_REFUSED(
      COUNTER,
      "states",
      "reason",
      "Times that a state of another model was met under model.change=refuse."),
  STATES_REMOVED(COUNTER, "states", "reason", "States of idle streams whose tensors were removed."),
  LOOKAHEAD_TAKEN(
      COUNTER,
      "records",
      "how",
      "Records by how the processor got their features: finished ahead, waited for, or made here."),
  LOOKAHEAD_QUEUED(GAUGE, "records", "", "Records that wait for a worker to decode them."),
  PIXEL_SLOTS_FREE(GAUGE, "slots", "", "Pixel slots that hold no decoded picture."),
  ENCODE(TIMER, "seconds", "", "Time of one call of the encoder, for a batch of pictures."),
  ENCODE_BATCH(DISTRIBUTION_SUMMARY, "pictures", "", "Pictures in one call of the encoder."),
  STEPS_TAKEN(
      COUNTER,
      "steps",
      "how",
      "Steps of the model by how the processor got them: ahead, with others in one call; as the"
          + " first of such a call (wave); alone; or here, because the one made ahead was of another"
          + " state, feature, elapsed time or side features."),
  STEP_BATCH(DISTRIBUTION_SUMMARY, "streams", "", "Streams in one call of the step."),
  PASS(
      TIMER,
      "seconds",
      "",
      "Time of one pass: the work of a stream thread from one commit to the next."),
  PASSES_LOST(COUNTER, "passes", "", "Passes that could not be committed and are done again.");

  private final Meter.Type type;
  private final String unit;
  private final String tag;
  private final String sentence;

  /**
   * Lists one.
   *
   * @param tag the key of its tag, empty where it has none
   */
  Metric(Meter.Type type, String unit, String tag, String sentence) {
    this.type = type;
    this.unit = unit;
    this.tag = tag;
    this.sentence = sentence;
  }

  public Meter.Type type() {
    return type;
  }

  /** As Micrometer has it: {@code gatestream.frames}. */
  public String id() {
    return "gatestream." + name().toLowerCase(Locale.ROOT).replace('_', '.');
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

  /** What {@code HELP} says: the meaning and the unit. */
  public String description() {
    return "%s Unit: %s.".formatted(sentence, unit);
  }

  public Counter counter(MeterRegistry registry) {
    return Counter.builder(id()).description(description()).register(registry);
  }

  /** The counter of a value of the tag. */
  public Counter counter(MeterRegistry registry, String value) {
    return Counter.builder(id()).description(description()).tag(tag, value).register(registry);
  }

  /** Shows a figure of an object, for as long as others hold the object. */
  public <T> void gauge(MeterRegistry registry, T object, ToDoubleFunction<T> figure) {
    Gauge.builder(id(), object, figure).description(description()).register(registry);
  }

  public Timer timer(MeterRegistry registry) {
    return Timer.builder(id()).description(description()).register(registry);
  }

  public DistributionSummary summary(MeterRegistry registry) {
    return DistributionSummary.builder(id()).description(description()).register(registry);
  }
}

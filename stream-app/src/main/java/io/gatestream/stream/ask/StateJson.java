package io.gatestream.stream.ask;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.frame.Micros;
import io.gatestream.http.Refusal;
import io.gatestream.model.StateSpec;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.stream.ask.LocalStates.Found;
import io.gatestream.stream.events.EventIds;
import io.gatestream.stream.events.OpenEvent;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** States as JSON. Immutable. */
final class StateJson {
  /** Numbers in one answer: 256 KiB of state, and about 1 MiB of JSON. */
  static final int MOST_NUMBERS = 65_536;

  private static final DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

  private final List<StateSpec> specs;
  private final String model;

  /**
   * Creates it.
   *
   * @param specs of the state tensors of the model
   * @param model its state fingerprint
   */
  StateJson(List<StateSpec> specs, String model) {
    this.specs = List.copyOf(specs);
    this.model = model;
  }

  static String id(Bytes id) {
    return new String(id.get(), UTF_8);
  }

  /** A line of the list. */
  ObjectNode line(Found found) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("streamId", id(found.id()));
    json.put("partition", found.partition());
    progress(json, found.state());
    active(json, found.state());
    return json;
  }

  private static void progress(ObjectNode json, StreamState state) {
    StreamProgress progress = state.progress();
    boolean seen = progress.session() != Long.MIN_VALUE;
    json.put("session", seen ? time(progress.session()) : null);
    json.put("sequence", seen ? progress.lastSequence() : null);
    json.put("captureTime", seen ? time(progress.lastCaptureTime()) : null);
    json.put("framesSinceReset", progress.framesSinceReset());
  }

  private static void active(ObjectNode json, StreamState state) {
    ArrayNode active = json.putArray("active");
    state.events().open().stream()
        .filter(OpenEvent::isOn)
        .forEach(event -> active.add(event.label()));
  }

  /** All of one stream but its last label. */
  ObjectNode all(Found found, boolean tensors) {
    StreamState state = found.state();
    StreamProgress progress = state.progress();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("streamId", id(found.id()));
    json.put("partition", found.partition());
    json.put("lastOffset", state.lastOffset() < 0 ? null : state.lastOffset());
    progress(json, state);
    json.put(
        "lastLabelTime",
        progress.modelFingerprint().isEmpty() ? null : time(progress.lastStepTime()));
    json.put("duplicates", progress.duplicates());
    json.put("skipped", progress.skipped());
    json.put("rejected", progress.rejected());
    json.put("pendingReset", progress.pendingReset().name());
    active(json, state);
    ArrayNode events = json.putArray("events");
    state.events().open().stream()
        .filter(OpenEvent::announced)
        .forEach(event -> event(events.addObject(), id(found.id()), event));
    if (tensors) {
      tensors(json.putArray("tensors"), state);
    }
    return json;
  }

  private static void event(ObjectNode json, String streamId, OpenEvent event) {
    OpenEvent.Tally counted = event.counted();
    json.put("eventId", EventIds.of(streamId, event));
    json.put("label", event.label());
    json.put("phase", event.phase().name());
    json.put("session", time(event.first().session()));
    json.put("sequence", event.first().sequence());
    json.put("startCaptureTime", time(event.first().at().captureTime()));
    json.put("endCaptureTime", time(event.last().captureTime()));
    json.put("peakCaptureTime", time(event.peak().at().captureTime()));
    json.put("peakScore", event.peak().score());
    json.put("meanScore", (float) (counted.sum() / counted.frames()));
    json.put("frames", counted.frames());
  }

  private void tensors(ArrayNode json, StreamState state) {
    if (state.tensorBytes() / Float.BYTES > MOST_NUMBERS) {
      throw new Refusal(
          Refusal.TOO_LARGE,
          "the state has %d numbers, and an answer has %d at most: read the changelog topic"
              .formatted(state.tensorBytes() / Float.BYTES, MOST_NUMBERS));
    }
    float[][] tensors = state.tensors();
    boolean known =
        state.progress().modelFingerprint().equals(model) && tensors.length == specs.size();
    for (int i = 0; i < tensors.length; i++) {
      ObjectNode tensor = json.addObject();
      tensor.put("name", known ? specs.get(i).input() : null);
      ArrayNode shape = tensor.putArray("shape");
      (known ? specs.get(i).shape() : List.of(tensors[i].length)).forEach(shape::add);
      ArrayNode values = tensor.putArray("values");
      for (float value : tensors[i]) {
        values.add(value);
      }
    }
  }

  /** A label's own fields, or null. */
  static @Nullable ObjectNode label(@Nullable FrameLabel label) {
    if (label == null) {
      return null;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("sequence", label.getSequence());
    json.put("captureTime", MICROS.format(label.getCaptureTime()));
    json.put("sourceTime", label.getSourceTime());
    ArrayNode scores = json.putArray("scores");
    for (LabelScore score : label.getScores()) {
      scores.addObject().put("label", score.getLabel()).put("score", score.getScore());
    }
    json.put("reset", label.getReset().name());
    ArrayNode active = json.putArray("active");
    label.getActive().forEach(active::add);
    return json;
  }

  private static String time(long micros) {
    Instant time = Micros.instant(micros);
    return MICROS.format(time);
  }
}

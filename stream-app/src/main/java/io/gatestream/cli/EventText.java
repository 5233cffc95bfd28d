package io.gatestream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.frame.Micros;
import io.gatestream.labels.ReadEvent;
import io.gatestream.schema.EndReason;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.Reset;
import io.gatestream.text.Terminal;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Events as lines of text or JSON. Used by one thread. */
final class EventText {
  private static final int NAME_WIDTH = 24;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Terminal terminal;
  private boolean headed;

  EventText(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One line a record; a heading before the first. */
  List<String> table(List<ReadEvent> events) {
    List<String> lines = new ArrayList<>();
    if (!headed && !events.isEmpty()) {
      headed = true;
      lines.add(
          terminal.bold(
              row("begun", "stream", "label", "phase", "lasts", "peak", "mean", "why, event")));
    }
    for (ReadEvent read : events) {
      String line = row(read.event());
      lines.add(read.event().getPhase() == EventPhase.START ? terminal.bold(line) : line);
    }
    return lines;
  }

  private static String row(LabelEvent event) {
    return row(
        LabelFormat.time(event.getStartCaptureTime()),
        RejectedText.cut(event.getStreamId(), NAME_WIDTH),
        RejectedText.cut(event.getLabel(), NAME_WIDTH),
        event.getPhase().name(),
        String.format(Locale.ROOT, "%.1f s", seconds(event)),
        String.format(Locale.ROOT, "%.3f", event.getPeakScore()),
        String.format(Locale.ROOT, "%.3f", event.getMeanScore()),
        why(event) + event.getEventId());
  }

  private static String why(LabelEvent event) {
    if (event.getReason() == EndReason.NONE) {
      return "";
    }
    return event.getReset() == Reset.NONE || event.getReason() == EndReason.MODEL_CHANGED
        ? event.getReason() + " "
        : "%s %s ".formatted(event.getReason(), event.getReset());
  }

  private static double seconds(LabelEvent event) {
    return (Micros.of(event.getEndCaptureTime()) - Micros.of(event.getStartCaptureTime())) / 1e6;
  }

  private static String row(String... cells) {
    return String.format(
            Locale.ROOT, "%-27s  %-24s  %-24s  %-6s  %9s  %5s  %5s  %s", (Object[]) cells)
        .stripTrailing();
  }

  /** One JSON object a record: where it lies, then every field of the event. */
  static List<String> json(List<ReadEvent> events) {
    return events.stream().map(EventText::json).toList();
  }

  private static String json(ReadEvent read) {
    LabelEvent event = read.event();
    ObjectNode json = MAPPER.createObjectNode();
    json.put("partition", read.partition());
    json.put("offset", read.offset());
    json.put("eventId", event.getEventId());
    json.put("phase", event.getPhase().name());
    json.put("streamId", event.getStreamId());
    json.put("session", LabelFormat.time(event.getSession()));
    json.put("sequence", event.getSequence());
    json.put("label", event.getLabel());
    json.put("startCaptureTime", LabelFormat.time(event.getStartCaptureTime()));
    json.put("startSourceTime", event.getStartSourceTime());
    json.put("endCaptureTime", LabelFormat.time(event.getEndCaptureTime()));
    json.put("endSourceTime", event.getEndSourceTime());
    json.put("peakCaptureTime", LabelFormat.time(event.getPeakCaptureTime()));
    json.put("peakSourceTime", event.getPeakSourceTime());
    json.put("peakScore", event.getPeakScore());
    json.put("meanScore", event.getMeanScore());
    json.put("frames", event.getFrames());
    json.put("reason", event.getReason().name());
    json.put("reset", event.getReset().name());
    json.put("continues", event.getContinues());
    json.putObject("model")
        .put("name", event.getModel().getName())
        .put("version", event.getModel().getVersion())
        .put("fingerprint", event.getModel().getFingerprint());
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.gatestream.stream.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.frame.Micros;
import io.gatestream.frame.TimeUnitGuess;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.watch.TroubledStreams.Line;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Streams in trouble as a line of the log and as the JSON of {@code /trouble}. */
final class TroubleText {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TroubleText() {}

  static String line(Line line) {
    StreamProgress stream = line.seen().stream();
    StringBuilder text = new StringBuilder();
    text.append(
        "stream '%s' on partition %d: %s"
            .formatted(
                LogText.of(line.stream().get()), line.seen().partition(), line.trouble().what()));
    text.append(" (%d since %s".formatted(line.frames(), line.since()));
    session(line.seen().session()).ifPresent(at -> text.append(", of session ").append(at));
    if (line.trouble() == Trouble.OLDER_SESSION || line.trouble() == Trouble.LEFT_SESSION) {
      session(stream.session()).ifPresent(at -> text.append(", the stream's is ").append(at));
    }
    time(line.seen().captureTime()).ifPresent(at -> text.append(", captured ").append(at));
    text.append(lastLabel(stream).map(at -> ", last label of " + at).orElse(", no label yet"));
    return text.append("): ").append(advice(line)).toString();
  }

  private static String advice(Line line) {
    return TimeUnitGuess.of(line.seen().captureTime())
        .map(unit -> "likely %s in place of microseconds; ".formatted(unit))
        .orElse("")
        .concat(line.trouble().advice());
  }

  private static Optional<String> lastLabel(StreamProgress stream) {
    return stream.modelFingerprint().isEmpty() ? Optional.empty() : time(stream.lastStepTime());
  }

  private static Optional<String> session(long micros) {
    return time(micros);
  }

  private static Optional<String> time(long micros) {
    return micros == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(Micros.instant(micros).toString());
  }

  static String json(List<Line> lines, int mostStreams, Instant now) {
    ObjectNode page = MAPPER.createObjectNode();
    page.put("time", now.toString());
    page.put("mostStreams", mostStreams);
    var streams = page.putArray("streams");
    for (Line line : lines) {
      StreamProgress progress = line.seen().stream();
      ObjectNode json = streams.addObject();
      json.put("stream", new String(line.stream().get(), StandardCharsets.UTF_8));
      json.put("partition", line.seen().partition());
      json.put("reason", line.trouble().name());
      json.put("since", line.since().toString());
      json.put("last", line.last().toString());
      json.put("frames", line.frames());
      json.put("framesSinceLabel", line.framesSinceLabel());
      json.put("lastLabel", lastLabel(progress).orElse(null));
      json.put("streamSession", time(progress.session()).orElse(null));
      json.put("frameSession", time(line.seen().session()).orElse(null));
      json.put("captureTime", time(line.seen().captureTime()).orElse(null));
      json.put("duplicates", progress.duplicates());
      json.put("skipped", progress.skipped());
      json.put("rejected", progress.rejected());
      json.put("advice", advice(line));
    }
    try {
      return MAPPER.writeValueAsString(page);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}

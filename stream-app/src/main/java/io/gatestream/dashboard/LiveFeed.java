package io.gatestream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.http.Answer;
import io.gatestream.http.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells browsers what changed, as server-sent events, each by a thread of its own. A browser that
 * comes again tells what it knew last, and gets what came since.
 */
final class LiveFeed {
  private static final long PERIOD_MILLIS = 1_000;
  private static final int HEARTBEAT_PERIODS = 10;
  private static final int SYSTEM_PERIODS = 2;

  private final StreamBoard streams;
  private final EventBoard events;
  private final Supplier<Views.Overview> overview;
  private final LongSupplier clock;

  /** Numbers of another dashboard process mean nothing here. */
  private final String process = UUID.randomUUID().toString().substring(0, 8);

  LiveFeed(
      StreamBoard streams,
      EventBoard events,
      Supplier<Views.Overview> overview,
      LongSupplier clock) {
    this.streams = streams;
    this.events = events;
    this.overview = overview;
    this.clock = clock;
  }

  Answer answer(Request request) {
    Known known = known(request.header("Last-Event-ID").orElse(""));
    return Answer.written("text/event-stream; charset=utf-8", out -> write(known, out))
        .with("X-Accel-Buffering", "no"); // proxies are to pass it on at once
  }

  /** What a browser has. */
  private record Known(long streams, long events) {}

  private Known known(String lastEventId) {
    String[] parts = lastEventId.split("\\.", -1);
    try {
      if (parts.length == 3 && parts[0].equals(process)) {
        return new Known(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
      }
    } catch (NumberFormatException e) {
      // not ours
    }
    return new Known(-1, -1);
  }

  private void write(Known first, OutputStream out) throws IOException, InterruptedException {
    out.write("retry: 2000\n\n".getBytes(UTF_8));
    Known known = first;
    for (long period = 0; ; period++) {
      StreamBoard.Changes wall = streams.since(known.streams());
      EventBoard.Changes told = events.since(known.events());
      known = new Known(wall.version(), told.version());
      if (!told.events().isEmpty()) {
        send(out, "events", Map.of("events", told.events()));
      }
      if (period % SYSTEM_PERIODS == 0) {
        send(out, "system", overview.get());
      }
      // the id comes last, when all that it stands for is sent
      out.write(
          "id: %s.%d.%d\n".formatted(process, known.streams(), known.events()).getBytes(UTF_8));
      send(out, "wall", message(wall));
      if (period % HEARTBEAT_PERIODS == 0) {
        out.write(": alive\n\n".getBytes(UTF_8));
      }
      out.flush();
      Thread.sleep(PERIOD_MILLIS);
    }
  }

  private Map<String, Object> message(StreamBoard.Changes wall) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("now", clock.getAsLong());
    message.put("full", wall.full());
    message.put("streams", wall.streams());
    message.put("gone", List.of()); // where a stream goes, all are told anew
    message.put("labelsPerSecond", Math.round(wall.labelsPerSecond() * 10) / 10.0);
    return message;
  }

  private static void send(OutputStream out, String event, Object data) throws IOException {
    out.write(("event: " + event + "\ndata: ").getBytes(UTF_8));
    out.write(Json.bytes(data));
    out.write("\n\n".getBytes(UTF_8));
  }
}

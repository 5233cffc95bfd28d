package io.gatestream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatestream.http.Answer;
import io.gatestream.http.Page;
import io.gatestream.http.Refusal;
import io.gatestream.http.Request;
import io.gatestream.schema.ReviewKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the page asks for, by path. Called by several threads at once. */
final class Api {
  private static final int MOST_BODY = 16_384;
  private static final int MOST_NOTE = 2_000;
  private static final int MOST_LABEL = 1_000;
  private static final int LEAST_WIDTH = 80;
  private static final int MOST_WIDTH = 1_920;
  private static final int MOST_RECORDS = 1_000;

  private final DashboardParts parts;
  private final LiveFeed live;

  Api(DashboardParts parts, LiveFeed live) {
    this.parts = parts;
    this.live = live;
  }

  List<Page> pages() {
    return List.of(
        Page.get("/api/config", request -> Json.answer(parts.config())),
        Page.get("/api/live", live::answer),
        Page.get("/api/system", request -> Json.answer(parts.overview())),
        Page.get("/api/events", this::events),
        Page.get("/api/rejected", this::rejected),
        Page.get("/api/reviews", request -> reviews()),
        Page.get("/api/truth.csv", request -> truth()),
        Page.get("/api/streams/{id}/timeline", this::timeline),
        Page.get("/api/streams/{id}/picture", this::picture),
        Page.get("/api/streams/{id}/clip", this::clip),
        Page.get("/api/events/{id}/clip", this::eventClip),
        new Page("PUT", "/api/events/{id}/review", this::review),
        new Page("POST", "/api/streams/{id}/missed", this::missed),
        new Page("DELETE", "/api/reviews/{id}", this::takeBack),
        new Page("POST", "/api/login", this::login));
  }

  private Answer login(Request request) throws IOException {
    String token = Json.text(Json.read(request.text(MOST_BODY)), "token", MOST_LABEL);
    String cookie =
        parts
            .gate()
            .login(token)
            .orElseThrow(() -> new Refusal(Refusal.UNAUTHORIZED, "the token is another one"));
    return Answer.empty(204).with("Set-Cookie", cookie);
  }

  private Answer timeline(Request request) {
    String stream = request.segment("id");
    return Json.answer(
        parts
            .streams()
            .timeline(
                stream,
                parts
                    .events()
                    .of(
                        stream,
                        parts
                            .streams()
                            .place(stream)
                            .map(place -> place.captureTime() - parts.historyMillis())
                            .orElse(Long.MAX_VALUE)),
                parts.rejected().of(stream))
            .orElseThrow(() -> Refusal.notFound("no label of this stream was seen")));
  }

  private Answer picture(Request request) {
    long width = number(request, "width").orElse(320L);
    if (width < LEAST_WIDTH || width > MOST_WIDTH) {
      throw Refusal.badRequest("'width' must be %d to %d".formatted(LEAST_WIDTH, MOST_WIDTH));
    }
    StillPicture picture =
        parts.pictures().picture(request.segment("id"), number(request, "at"), (int) width);
    return Answer.bytes("image/jpeg", picture.jpeg())
        .with("X-Capture-Time", Long.toString(picture.captureTime()))
        .with("X-Sequence", Long.toString(picture.sequence()));
  }

  private Answer clip(Request request) throws IOException {
    long from = number(request, "from").orElseThrow(() -> Refusal.badRequest("'from' is missing"));
    long to = number(request, "to").orElseThrow(() -> Refusal.badRequest("'to' is missing"));
    return parts.clips().of(request.segment("id"), from, to, drawn(request));
  }

  private Answer eventClip(Request request) throws IOException {
    long before = seconds(request, "before");
    long after = seconds(request, "after");
    return parts.clips().ofEvent(request.segment("id"), before, after, drawn(request));
  }

  private static boolean drawn(Request request) {
    return request.query("labels").filter("true"::equals).isPresent();
  }

  private static long seconds(Request request, String name) {
    long seconds = number(request, name).orElse(2L);
    if (seconds < 0 || seconds > 60) {
      throw Refusal.badRequest("'%s' must be 0 to 60 seconds".formatted(name));
    }
    return seconds;
  }

  private Answer events(Request request) {
    EventBoard.Filter filter =
        new EventBoard.Filter(
            request.query("stream").orElse(""),
            request.query("label").orElse(""),
            number(request, "from").orElse(Long.MIN_VALUE),
            number(request, "to").orElse(Long.MAX_VALUE),
            request.query("review").orElse(""));
    Optional<EventBoard.Cursor> before =
        request
            .query("before")
            .map(
                text ->
                    EventBoard.Cursor.parse(text)
                        .orElseThrow(() -> Refusal.badRequest("'before' is no cursor of a list")));
    EventBoard.Found found = parts.events().find(filter, before, limit(request));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("events", found.events());
    answer.put("next", found.next().orElse(null));
    answer.put("labels", parts.events().labels());
    return Json.answer(answer);
  }

  private Answer rejected(Request request) {
    return Json.answer(
        Map.of(
            "rejected",
            parts.rejected().newest(request.query("stream").orElse(""), limit(request))));
  }

  private Answer reviews() {
    return Json.answer(
        Map.of("reviews", parts.events().reviews().stream().map(EventBoard::view).toList()));
  }

  private Answer truth() {
    String csv =
        TruthFile.of(
            parts.events().reviewsOfWhole(),
            stream ->
                parts
                    .streams()
                    .place(stream)
                    .map(StreamBoard.StreamPlace::sessions)
                    .orElse(List.of()));
    return Answer.bytes("text/csv; charset=utf-8", csv.getBytes(UTF_8))
        .with("Content-Disposition", "attachment; filename=\"truth.csv\"");
  }

  private Answer review(Request request) throws IOException {
    JsonNode said = Json.read(request.text(MOST_BODY));
    String kind = Json.text(said, "kind", MOST_LABEL);
    if (!List.of("RIGHT", "WRONG", "OTHER").contains(kind)) {
      throw Refusal.badRequest("'kind' must be RIGHT, WRONG or OTHER");
    }
    return Json.answer(
        parts
            .reviews()
            .review(
                request.segment("id"),
                ReviewKind.valueOf(kind),
                optional(said, "truth"),
                note(said)));
  }

  private Answer missed(Request request) throws IOException {
    JsonNode said = Json.read(request.text(MOST_BODY));
    JsonNode start = said.path("start");
    JsonNode end = said.path("end");
    if (!start.isNumber() || !end.isNumber()) {
      throw Refusal.badRequest("'start' and 'end' must be milliseconds since the epoch");
    }
    Views.Review review =
        parts
            .reviews()
            .missed(
                request.segment("id"),
                Json.text(said, "truth", MOST_LABEL),
                start.longValue(),
                end.longValue(),
                note(said));
    return Json.answer(201, review);
  }

  private Answer takeBack(Request request) {
    parts.reviews().remove(request.segment("id"));
    return Answer.empty(204);
  }

  private static String note(JsonNode said) {
    return said.has("note") ? Json.text(said, "note", MOST_NOTE) : "";
  }

  private static String optional(JsonNode said, String field) {
    return said.has(field) ? Json.text(said, field, MOST_LABEL) : "";
  }

  private static int limit(Request request) {
    long limit = number(request, "limit").orElse(100L);
    if (limit < 1 || limit > MOST_RECORDS) {
      throw Refusal.badRequest("'limit' must be 1 to %d".formatted(MOST_RECORDS));
    }
    return (int) limit;
  }

  private static Optional<Long> number(Request request, String name) {
    return request
        .query(name)
        .filter(text -> !text.isEmpty())
        .map(
            text -> {
              try {
                return (long) Double.parseDouble(text);
              } catch (NumberFormatException e) {
                throw Refusal.badRequest("'%s' must be a number".formatted(name));
              }
            });
  }
}

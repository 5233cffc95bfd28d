package io.gatestream.dashboard;

import io.gatestream.clip.ClipMaker;
import io.gatestream.clip.ClipProgress;
import io.gatestream.clip.ClipRequest;
import io.gatestream.clip.ClipSpan;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.DataException;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.Micros;
import io.gatestream.http.Answer;
import io.gatestream.http.Refusal;
import io.gatestream.schema.LabelEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/** Makes clips for browsers, one at a time. Thread-safe. */
final class ClipDesk {
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private final DashboardSettings settings;
  private final StreamBoard streams;
  private final EventBoard events;
  private final ReentrantLock one = new ReentrantLock();

  ClipDesk(DashboardSettings settings, StreamBoard streams, EventBoard events) {
    this.settings = settings;
    this.streams = streams;
    this.events = events;
  }

  /** A span of a stream; times are milliseconds, of capture. */
  Answer of(String stream, long from, long to, boolean labels) throws IOException {
    StreamBoard.StreamPlace place =
        streams
            .place(stream)
            .orElseThrow(() -> Refusal.notFound("no label of this stream was seen"));
    return make(
        stream,
        place.partition(),
        OptionalLong.empty(),
        Instant.ofEpochMilli(from),
        Instant.ofEpochMilli(to),
        labels);
  }

  /** An event with seconds before and after it. */
  Answer ofEvent(String id, long before, long after, boolean labels) throws IOException {
    LabelEvent event =
        events.event(id).orElseThrow(() -> Refusal.notFound("this event is not known here"));
    return make(
        event.getStreamId(),
        events.partition(id).orElseThrow(),
        OptionalLong.of(Micros.of(event.getSession())),
        event.getStartCaptureTime().minusSeconds(before),
        event.getEndCaptureTime().plusSeconds(after),
        labels);
  }

  private Answer make(
      String stream, int partition, OptionalLong session, Instant from, Instant to, boolean labels)
      throws IOException {
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw Refusal.badRequest(
          "a clip here lasts %d minutes at most: './gatestream clip' makes longer ones"
              .formatted(LONGEST.toMinutes()));
    }
    if (!one.tryLock()) {
      throw new Refusal(Refusal.TOO_MANY, "another clip is being made: try again");
    }
    Path folder = Files.createTempDirectory("gatestream-clip");
    try {
      ClipSpan span = new ClipSpan(stream, OptionalInt.of(partition), session, from, to);
      Path file = folder.resolve("clip.mp4");
      Optional<String> drawn = labels ? Optional.of(settings.topics().labels()) : Optional.empty();
      if (new ClipMaker(settings.access())
          .make(
              new ClipRequest(span, settings.topics().frames(), drawn, file, false),
              ClipProgress.NONE)
          .isEmpty()) {
        throw new Refusal(Refusal.UNAVAILABLE, "the dashboard ends");
      }
      return answer(file, stream, from);
    } catch (ConfigException | DataException e) {
      throw Refusal.notFound(String.valueOf(e.getMessage()));
    } catch (OutageException e) {
      throw new Refusal(Refusal.UNAVAILABLE, String.valueOf(e.getMessage()));
    } finally {
      one.unlock();
      Files.deleteIfExists(folder.resolve("clip.mp4"));
      Files.deleteIfExists(folder);
    }
  }

  /** Opens the file, so that it can be read though its name is gone. */
  private static Answer answer(Path file, String stream, Instant from) throws IOException {
    InputStream video = Files.newInputStream(file, StandardOpenOption.READ);
    String name =
        "%s-%s.mp4"
            .formatted(
                stream.replaceAll("[^A-Za-z0-9._-]+", "_"),
                from.toString().replaceAll("[^0-9TZ]", ""));
    return Answer.written(
            "video/mp4",
            out -> {
              try (video) {
                video.transferTo(out);
              }
            })
        .with("Content-Disposition", "attachment; filename=\"%s\"".formatted(name));
  }
}

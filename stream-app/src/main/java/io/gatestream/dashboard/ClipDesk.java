package io.gatestream.dashboard;

import io.gatestream.clip.ClipMaker;
import io.gatestream.clip.ClipProgress;
import io.gatestream.clip.ClipRequest;
import io.gatestream.clip.ClipSpan;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.DataException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.Micros;
import io.gatestream.http.Answer;
import io.gatestream.http.Refusal;
import io.gatestream.schema.LabelEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Makes clips for browsers, one at a time. Thread-safe. */
final class ClipDesk implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** A search may read much of a topic, and others wait for it. */
  private static final Duration MOST_TIME = Duration.ofMinutes(2);

  private static final int CLOSE_SECONDS = 5;

  private final DashboardSettings settings;
  private final StreamBoard streams;
  private final EventBoard events;
  private final Semaphore one = new Semaphore(1);
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(ClipDesk::thread);
  private volatile Optional<ClipMaker> now = Optional.empty();

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "gatestream-clip-limit");
    thread.setDaemon(true);
    return thread;
  }

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
        event.getEndCaptureTime().plusSeconds(after).plusMillis(1),
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
    if (!from.isBefore(to)) {
      throw Refusal.badRequest("a clip begins before it ends");
    }
    if (!one.tryAcquire()) {
      throw new Refusal(Refusal.TOO_MANY, "another clip is being made: try again");
    }
    try (TemporaryClip folder = TemporaryClip.create()) {
      ClipSpan span = new ClipSpan(stream, OptionalInt.of(partition), session, from, to);
      Path file = folder.file();
      Optional<String> drawn = labels ? Optional.of(settings.topics().labels()) : Optional.empty();
      ClipMaker maker = new ClipMaker(settings.access());
      ScheduledFuture<?> limit =
          clock.schedule(maker::stop, MOST_TIME.toSeconds(), TimeUnit.SECONDS);
      now = Optional.of(maker);
      boolean made =
          maker
              .make(
                  new ClipRequest(span, settings.topics().frames(), drawn, file, false),
                  ClipProgress.NONE)
              .isPresent();
      limit.cancel(false);
      if (!made) {
        throw new Refusal(
            Refusal.UNAVAILABLE,
            "the clip was not made within %d s: './gatestream clip' takes its time"
                .formatted(MOST_TIME.toSeconds()));
      }
      return answer(file, stream, from);
    } catch (ConfigException | DataException e) {
      throw Refusal.notFound(String.valueOf(e.getMessage()));
    } catch (OutageException e) {
      throw new Refusal(Refusal.UNAVAILABLE, String.valueOf(e.getMessage()));
    } catch (RejectedExecutionException e) {
      throw new Refusal(Refusal.UNAVAILABLE, "the dashboard ends");
    } finally {
      now = Optional.empty();
      one.release();
    }
  }

  /** Has the clip that is being made left off, and waits until it is. */
  @Override
  public void close() {
    clock.shutdownNow();
    now.ifPresent(ClipMaker::stop);
    try {
      if (one.tryAcquire(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        one.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A folder with a clip in it, if it was made. */
  private record TemporaryClip(Path folder) implements AutoCloseable {
    static TemporaryClip create() {
      try {
        return new TemporaryClip(Files.createTempDirectory("gatestream-clip"));
      } catch (IOException e) {
        throw new Refusal(Refusal.UNAVAILABLE, "there is no room for a clip: " + IoReason.of(e));
      }
    }

    Path file() {
      return folder.resolve("clip.mp4");
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file());
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
            new Answer.Body() {
              @Override
              public void writeTo(OutputStream out) throws IOException {
                video.transferTo(out);
              }

              @Override
              public void close() throws IOException {
                video.close();
              }
            })
        .with("Content-Disposition", "attachment; filename=\"%s\"".formatted(name));
  }
}

package io.gatestream.dashboard;

import io.gatestream.http.Page;
import io.gatestream.http.WebServer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A running dashboard: followers of the topics, what they have seen, and the server that tells it.
 * Opened and closed by one thread. Topics that are not there yet are waited for.
 */
public final class Dashboard implements AutoCloseable {
  private static final long LOOK_MILLIS = 2_000;

  private final Deque<Runnable> closing;
  private final int port;

  private Dashboard(Deque<Runnable> closing, int port) {
    this.closing = closing;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @param version of this program, for the page
   * @throws io.gatestream.errors.ConfigException the port or a client setting cannot be used
   */
  public static Dashboard open(DashboardSettings settings, String version) {
    Deque<Runnable> closing = new ArrayDeque<>();
    try {
      return open(settings, version, closing);
    } catch (RuntimeException | Error e) {
      closeAll(closing);
      throw e;
    }
  }

  private static Dashboard open(
      DashboardSettings settings, String version, Deque<Runnable> closing) {
    LongSupplier clock = System::currentTimeMillis;
    StreamBoard streams = new StreamBoard(settings.history().toMillis(), clock);
    EventBoard events = new EventBoard();
    RejectedBoard rejected = new RejectedBoard(clock);
    GroupWatch group =
        new GroupWatch(
            settings.access(), settings.application(), settings.topics().frames(), clock);
    closing.push(group::close);
    every("gatestream-group-watch", group::look, closing);
    PictureDesk pictures =
        new PictureDesk(
            settings.access(), settings.topics().frames(), settings.picturesPerSecond(), streams);
    closing.push(pictures::close);
    ReviewDesk reviews = new ReviewDesk(settings.access(), settings.reviews(), streams, events);
    closing.push(reviews::close);
    Followers followers = Followers.start(settings, streams, events, rejected);
    closing.push(followers::close);
    ClipDesk clips = new ClipDesk(settings, streams, events);
    closing.push(clips::close);
    DashboardParts parts =
        new DashboardParts(
            settings,
            version,
            streams,
            events,
            rejected,
            group,
            pictures,
            clips,
            reviews,
            new TokenGate(settings.host(), settings.token()),
            followers);
    List<Page> pages = new ArrayList<>(Assets.pages());
    pages.addAll(new Api(parts, new LiveFeed(streams, events, parts::overview, clock)).pages());
    WebServer server =
        WebServer.start("--port", settings.host(), settings.port(), pages, parts.gate());
    closing.push(server::close);
    return new Dashboard(closing, server.port());
  }

  private static void every(String name, Runnable work, Deque<Runnable> closing) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    Future<?> looking = thread.scheduleWithFixedDelay(work, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    closing.push(
        () -> {
          looking.cancel(true);
          thread.shutdownNow();
        });
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    closeAll(closing);
  }

  private static void closeAll(Deque<Runnable> closing) {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}

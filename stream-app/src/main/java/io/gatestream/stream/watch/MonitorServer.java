package io.gatestream.stream.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatestream.errors.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a few pages by GET, each made anew for each request, on the JDK's own HTTP server.
 * docs/decisions/0022-the-jdks-http-server.md says why on that one.
 */
public final class MonitorServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MonitorServer.class);

  /** Monitors ask seldom; a slow one keeps one thread, not all. */
  private static final int THREADS = 4;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int BROKEN = 500;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final ExecutorService threads;

  static {
    // seconds that a request may take to arrive: else four slow ones would keep all others out
    if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
      System.setProperty("sun.net.httpserver.maxReqTime", "10");
    }
  }

  private MonitorServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /** What a page answers with. */
  public record Answer(int status, String contentType, String text) {
    public static Answer text(String text) {
      return new Answer(OK, "text/plain; version=0.0.4; charset=utf-8", text);
    }

    public static Answer json(String text) {
      return new Answer(OK, "application/json; charset=utf-8", text);
    }

    private static Answer error(int status, String text) {
      return new Answer(status, "text/plain; charset=utf-8", text + "\n");
    }
  }

  /** A page that says yes, or no with 503. */
  public static Supplier<Answer> question(BooleanSupplier yes) {
    return () -> yes.getAsBoolean() ? Answer.text("yes\n") : Answer.error(UNAVAILABLE, "no");
  }

  /**
   * Starts it.
   *
   * @param port 0 takes a free one
   * @param pages path such as {@code /live} to what answers; called by several threads at once
   */
  public static MonitorServer start(String host, int port, Map<String, Supplier<Answer>> pages) {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "http.port %d cannot be used on %s: it is taken, or the address is not this machine's"
              .formatted(port, host),
          e);
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "gatestream-monitor");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, pages));
    server.start();
    return new MonitorServer(server, threads);
  }

  private static void handle(HttpExchange exchange, Map<String, Supplier<Answer>> pages)
      throws IOException {
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      Answer answer =
          head || exchange.getRequestMethod().equals("GET")
              ? answer(exchange.getRequestURI().getPath(), pages)
              : Answer.error(NOT_ALLOWED, "GET only");
      byte[] body = answer.text().getBytes(UTF_8);
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", answer.contentType());
      if (answer.status() == NOT_ALLOWED) {
        headers.set("Allow", "GET, HEAD");
      }
      if (head) {
        headers.set("Content-Length", Integer.toString(body.length));
      }
      exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static Answer answer(String path, Map<String, Supplier<Answer>> pages) {
    Supplier<Answer> page = pages.get(path);
    if (page == null) {
      return Answer.error(
          NOT_FOUND, "no such page: there are " + String.join(", ", pages.keySet()));
    }
    try {
      return page.get();
    } catch (RuntimeException e) {
      log.warn("{} cannot be made: {}", path, e.toString());
      return Answer.error(BROKEN, "this page cannot be made now");
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

package io.gatestream.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatestream.errors.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves pages on the JDK's own HTTP server. docs/decisions/0022-the-jdks-http-server.md says why
 * on that one.
 */
public final class WebServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WebServer.class);

  /**
   * Pages that are asked for take one for a moment; a slow reader keeps one, not all. Pages that
   * wait for something bound how many of them do, and leave three.
   */
  private static final int THREADS = 8;

  /** Bodies that are written as they come, each on its own thread. */
  private static final int MOST_WRITTEN = 64;

  private final HttpServer server;
  private final ExecutorService threads;
  private final ThreadPoolExecutor writers;
  private final List<Page> pages;
  private final Gate gate;

  static {
    // seconds that a request may take to arrive: else four slow ones would keep all others out
    if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
      System.setProperty("sun.net.httpserver.maxReqTime", "10");
    }
  }

  private WebServer(HttpServer server, List<Page> pages, Gate gate) {
    this.server = server;
    this.pages = List.copyOf(pages);
    this.gate = gate;
    this.threads = Executors.newFixedThreadPool(THREADS, WebServer::thread);
    this.writers =
        new ThreadPoolExecutor(
            0, MOST_WRITTEN, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), WebServer::thread);
  }

  /** Looks at each request before its page, and at each answer after it. */
  public interface Gate {
    /** Lets everything pass. */
    Gate OPEN = request -> {};

    /**
     * Lets a request pass.
     *
     * @throws Refusal it may not
     */
    void pass(Request request);

    /** Headers of every answer. */
    default Map<String, String> headers() {
      return Map.of();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "gatestream-http");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Starts it.
   *
   * @param setting which names the port, for errors
   * @param port 0 takes a free one
   */
  public static WebServer start(
      String setting, String host, int port, List<Page> pages, Gate gate) {
    HttpServer http;
    try {
      http = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "%s %d cannot be used on %s: it is taken, or the address is not this machine's"
              .formatted(setting, port, host),
          e);
    }
    WebServer server = new WebServer(http, pages, gate);
    http.setExecutor(server.threads);
    http.createContext("/", server::handle);
    http.start();
    return server;
  }

  private void handle(HttpExchange exchange) throws IOException {
    boolean handedOver = false;
    try {
      Answer answer = answer(exchange);
      Headers headers = exchange.getResponseHeaders();
      gate.headers().forEach(headers::set);
      answer.headers().forEach(headers::set);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (answer.written().isPresent()) {
        Answer.Body written = answer.written().get();
        if (head) {
          written.close();
          exchange.sendResponseHeaders(answer.status(), -1);
        } else {
          handedOver = handOver(exchange, written, answer.status());
        }
        return;
      }
      byte[] body = answer.body();
      if (head) {
        headers.set("Content-Length", Integer.toString(body.length));
      }
      exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    } finally {
      if (!handedOver) {
        exchange.close();
      }
    }
  }

  private boolean handOver(HttpExchange exchange, Answer.Body body, int status) throws IOException {
    try {
      writers.execute(() -> write(exchange, body, status));
      return true;
    } catch (RejectedExecutionException e) {
      body.close();
      exchange.sendResponseHeaders(Refusal.UNAVAILABLE, -1);
      return false;
    }
  }

  private static void write(HttpExchange exchange, Answer.Body body, int status) {
    try (exchange;
        body) {
      exchange.sendResponseHeaders(status, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        body.writeTo(out);
      }
    } catch (IOException e) {
      log.debug("the reader of {} is gone: {}", exchange.getRequestURI(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("{} broke off: {}", exchange.getRequestURI().getPath(), e.toString());
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    try {
      List<String> methods = new ArrayList<>();
      String method = exchange.getRequestMethod();
      for (Page page : pages) {
        Optional<Map<String, String>> segments = page.match(path);
        if (segments.isEmpty()) {
          continue;
        }
        if (page.method().equals(method)
            || (method.equals("HEAD") && page.method().equals("GET"))) {
          Request request = new Request(exchange, segments.get());
          gate.pass(request);
          return page.handler().answer(request);
        }
        methods.add(page.method());
        if (page.method().equals("GET")) {
          methods.add("HEAD");
        }
      }
      return methods.isEmpty()
          ? error(Refusal.NOT_FOUND, "no such page: there are " + paths())
          : error(Refusal.NOT_ALLOWED, String.join(", ", methods) + " only")
              .with("Allow", String.join(", ", methods));
    } catch (Refusal e) {
      return error(e.status(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.warn("{} cannot be made: {}", path, e.toString());
      return error(Refusal.BROKEN, "this page cannot be made now");
    }
  }

  private String paths() {
    return pages.stream().map(Page::path).distinct().sorted().collect(Collectors.joining(", "));
  }

  private static Answer error(int status, String text) {
    Answer answer =
        Answer.json(
            status, JsonNodeFactory.instance.objectNode().put("error", text).toString() + "\n");
    return status == Refusal.TOO_MANY || status == Refusal.UNAVAILABLE
        ? answer.with("Retry-After", "1")
        : answer;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Ends what is being written, too. */
  @Override
  public void close() {
    writers.shutdownNow();
    server.stop(0);
    threads.shutdownNow();
  }
}

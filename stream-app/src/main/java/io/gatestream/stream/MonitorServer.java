package io.gatestream.stream;

import io.gatestream.config.ConfigException;
import io.javalin.Javalin;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Serves /metrics (Prometheus text), /streams (JSON), /live and /ready; 503 where the answer is no.
 */
final class MonitorServer implements AutoCloseable {
  private final Javalin server;

  private MonitorServer(Javalin server) {
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param port 0 takes a free one
   * @param live whether the process works; if not, restart it
   * @param ready whether it has its partitions and processes
   * @param streams those in trouble, as JSON
   */
  static MonitorServer start(
      String host,
      int port,
      PrometheusMeterRegistry metrics,
      BooleanSupplier live,
      BooleanSupplier ready,
      Supplier<String> streams) {
    Javalin server =
        Javalin.create(settings -> settings.showJavalinBanner = false)
            .get(
                "/metrics",
                request ->
                    request
                        .contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape()))
            .get(
                "/streams",
                request -> request.contentType("application/json").result(streams.get()))
            .get("/live", request -> answer(request, live.getAsBoolean()))
            .get("/ready", request -> answer(request, ready.getAsBoolean()));
    try {
      return new MonitorServer(server.start(host, port));
    } catch (JavalinBindException e) {
      throw new ConfigException(
          "http.port %d cannot be used on %s: it is taken, or the address is not this machine's"
              .formatted(port, host),
          e);
    }
  }

  private static void answer(io.javalin.http.Context request, boolean yes) {
    request
        .status(yes ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .result(yes ? "yes\n" : "no\n");
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}

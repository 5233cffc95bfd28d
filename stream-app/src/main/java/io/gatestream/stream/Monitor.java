package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.http.Answer;
import io.gatestream.http.Page;
import io.gatestream.http.Refusal;
import io.gatestream.http.WebServer;
import io.gatestream.model.ModelBundle;
import io.gatestream.stream.ask.Address;
import io.gatestream.stream.ask.OpenTasks;
import io.gatestream.stream.ask.StreamPages;
import io.gatestream.stream.watch.StreamWatch;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages of {@code http.port}, where there is one. It listens before Kafka Streams is made,
 * which tells the other instances the port.
 */
final class Monitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Monitor.class);

  private final Resources resources = new Resources();
  private final RunConfig.Http http;
  private final StreamPages streams;

  private volatile BooleanSupplier live = () -> true;
  private volatile BooleanSupplier ready = () -> false;

  private Monitor(RunConfig.Http http, StreamPages streams) {
    this.http = http;
    this.streams = resources.add(streams);
  }

  /**
   * A monitor that listens.
   *
   * @param port that it listens on
   * @param address host and port that the other instances are told
   */
  record Opened(Monitor monitor, int port, String address) implements AutoCloseable {
    /** From now on the pages tell of this application. */
    void serve(BooleanSupplier live, BooleanSupplier ready, StreamsClient client) {
      monitor.live = live;
      monitor.ready = ready;
      monitor.streams.connect(client.store(), client.instances(address));
      log.info("metrics and health on http://{}:{}", monitor.http.host(), port);
    }

    @Override
    public void close() {
      monitor.close();
    }
  }

  /**
   * Listens, if there is a port.
   *
   * @throws io.gatestream.errors.ConfigException it cannot
   */
  static Optional<Opened> open(
      RunConfig config,
      ModelBundle bundle,
      CheckedBrokers brokers,
      OpenTasks tasks,
      PrometheusMeterRegistry metrics,
      StreamWatch watch) {
    OptionalInt port = config.http().port();
    if (port.isEmpty()) {
      return Optional.empty();
    }
    Monitor monitor =
        new Monitor(
            config.http(),
            new StreamPages(
                new StreamPages.Parts(
                    config.applicationId(),
                    brokers.partitions(),
                    config.kafka(),
                    config.topics().labels(),
                    bundle.states(),
                    bundle.stateFingerprint(),
                    Duration.ofMillis(config.storage().commitIntervalMillis()),
                    tasks)));
    try {
      WebServer server =
          monitor.resources.add(
              WebServer.start(
                  "http.port",
                  config.http().host(),
                  port.getAsInt(),
                  monitor.pages(metrics, watch),
                  WebServer.Gate.OPEN));
      return Optional.of(
          new Opened(
              monitor,
              server.port(),
              Address.of(config.http().advertised(), config.http().host(), server.port())));
    } catch (RuntimeException | Error e) {
      monitor.resources.closeAfter(e);
      throw e;
    }
  }

  private List<Page> pages(PrometheusMeterRegistry metrics, StreamWatch watch) {
    List<Page> pages = new ArrayList<>(streams.pages());
    pages.add(Page.get("/metrics", request -> Answer.text(metrics.scrape())));
    pages.add(Page.get("/trouble", request -> Answer.json(watch.json())));
    // if not, restart the process
    pages.add(question("/live", () -> live.getAsBoolean()));
    // whether it has its partitions and processes
    pages.add(question("/ready", () -> ready.getAsBoolean()));
    return pages;
  }

  private static Page question(String path, BooleanSupplier yes) {
    return Page.get(
        path,
        request ->
            yes.getAsBoolean() ? Answer.text("yes\n") : Answer.text(Refusal.UNAVAILABLE, "no\n"));
  }

  @Override
  public void close() {
    resources.close();
  }
}

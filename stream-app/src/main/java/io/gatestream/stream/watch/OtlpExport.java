package io.gatestream.stream.watch;

import io.gatestream.errors.Causes;
import io.gatestream.errors.ConfigException;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes metrics to an OpenTelemetry collector by OTLP over HTTP, from a thread of its own, and
 * once more when it is closed. A collector that is away costs one line in the log now and then, and
 * nothing else waits for it.
 *
 * <p>What no setting says comes from the variables that OpenTelemetry defines, such as {@code
 * OTEL_EXPORTER_OTLP_HEADERS} and {@code OTEL_RESOURCE_ATTRIBUTES}.
 */
public final class OtlpExport implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OtlpExport.class);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** For the last push: what was labelled is committed before, and a supervisor waits. */
  private static final Duration LAST = Duration.ofSeconds(1);

  private final OtlpMeterRegistry registry;
  private final String address;
  private final Duration last;

  private OtlpExport(OtlpMeterRegistry registry, String address, Duration last) {
    this.registry = registry;
    this.address = address;
    this.last = last;
  }

  /**
   * Begins to push.
   *
   * @param interval from one push to the next; empty is {@code OTEL_METRIC_EXPORT_INTERVAL}, or a
   *     minute
   * @throws ConfigException one of OpenTelemetry's variables cannot be used
   */
  public static OtlpExport start(URI endpoint, Optional<Duration> interval) {
    return start(endpoint, interval, LAST);
  }

  static OtlpExport start(URI endpoint, Optional<Duration> interval, Duration last) {
    String address = endpoint.toString();
    OtlpHttpMetricsSender http =
        new OtlpHttpMetricsSender(new HttpUrlConnectionSender(CONNECT, ANSWER));
    PushOutcomes outcomes = new PushOutcomes(address, InstantSource.system(), log::warn, log::info);
    try {
      OtlpMeterRegistry registry =
          OtlpMeterRegistry.builder(config(address, interval, headers(OtlpConfig.DEFAULT)))
              .clock(Clock.SYSTEM)
              .threadFactory(work -> daemon(work, "gatestream-otlp"))
              .metricsSender(
                  request -> {
                    try {
                      http.send(request);
                      outcomes.pushed();
                    } catch (Exception e) {
                      outcomes.failed(e);
                    }
                  })
              .build();
      log.info("metrics are pushed to {}", address);
      return new OtlpExport(registry, address, last);
    } catch (ConfigException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ConfigException(
          "a variable of OpenTelemetry (OTEL_...) cannot be used: "
              + LogText.of(Causes.firstLine(Causes.text(e))),
          e);
    }
  }

  /** Read once: the registry asks at each push, and a mistake would show their values then. */
  static Map<String, String> headers(OtlpConfig variables) {
    try {
      return variables.headers();
    } catch (RuntimeException e) { // without e, which quotes them
      throw new ConfigException(
          "OTEL_EXPORTER_OTLP_HEADERS or OTEL_EXPORTER_OTLP_METRICS_HEADERS cannot be read: write"
              + " KEY=VALUE,KEY=VALUE, and %25 for each % in a value");
    }
  }

  private static OtlpConfig config(
      String address, Optional<Duration> interval, Map<String, String> headers) {
    UUID instance = UUID.randomUUID();
    return new OtlpConfig() {
      @Override
      public @Nullable String get(String key) {
        return null;
      }

      @Override
      public String url() {
        return address;
      }

      @Override
      public Duration step() {
        return interval.orElseGet(OtlpConfig.super::step);
      }

      @Override
      public Map<String, String> headers() {
        return headers;
      }

      /** As the names of the Prometheus page say. */
      @Override
      public TimeUnit baseTimeUnit() {
        return TimeUnit.SECONDS;
      }

      /** Two instances must differ: a collector would take their counts for one that jumps. */
      @Override
      public Map<String, String> resourceAttributes() {
        Map<String, String> attributes = new HashMap<>(OtlpConfig.super.resourceAttributes());
        attributes.putIfAbsent("service.name", "gatestream");
        attributes.putIfAbsent("service.instance.id", instance.toString());
        return attributes;
      }
    };
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** To register meters with. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Pushes a last time; gives up where the collector is slow. */
  @Override
  public void close() {
    Thread closing = daemon(registry::close, "gatestream-otlp-last");
    closing.start();
    try {
      closing.join(last.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (closing.isAlive()) {
      log.warn(
          "the last metrics may not have come to {}: no answer within {} ms",
          address,
          last.toMillis());
    }
  }
}

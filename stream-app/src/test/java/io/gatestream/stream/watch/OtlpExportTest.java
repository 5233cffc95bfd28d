package io.gatestream.stream.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatestream.errors.ConfigException;
import io.gatestream.metrics.Metric;
import io.gatestream.model.CapturedLog;
import io.micrometer.core.instrument.config.InvalidConfigurationException;
import io.micrometer.registry.otlp.OtlpConfig;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The collector is a server of this JVM, which decodes what is pushed. */
@Timeout(60)
class OtlpExportTest {
  private static final Optional<Duration> NEVER = Optional.of(Duration.ofDays(3_650));
  private static final Duration LONG = Duration.ofSeconds(50);

  private final List<ExportMetricsServiceRequest> pushed = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch answer = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    answer.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      requests.add(
          "%s %s %s"
              .formatted(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  exchange.getRequestHeaders().getFirst("Content-Type")));
      pushed.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
      if (exchange.getRequestURI().getPath().startsWith("/slow")) {
        answer.await();
      }
      exchange.sendResponseHeaders(status, -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private URI endpoint(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path));
  }

  @Test
  void theLastPushHasEveryCountWithItsTagAndDescription() {
    try (OtlpExport export = OtlpExport.start(endpoint("/v1/metrics"), NEVER, LONG)) {
      Metric.FRAMES.counter(export.registry(), "labelled").increment(42);
      Metric.FRAMES.counter(export.registry(), "skipped").increment(7);
    }

    assertThat(requests).containsExactly("POST /v1/metrics application/x-protobuf");
    assertThat(frames(pushed.get(0))).isEqualTo(Map.of("labelled", 42.0, "skipped", 7.0));
    ResourceMetrics all = pushed.get(0).getResourceMetrics(0);
    assertThat(all.getScopeMetrics(0).getMetricsList())
        .singleElement()
        .satisfies(
            metric -> assertThat(metric.getDescription()).isEqualTo(Metric.FRAMES.description()));
    Map<String, String> resource =
        all.getResource().getAttributesList().stream()
            .collect(
                Collectors.toMap(KeyValue::getKey, entry -> entry.getValue().getStringValue()));
    assertThat(resource).containsEntry("service.name", "gatestream");
    assertThat(resource.get("service.instance.id")).hasSize(36);
  }

  private static Map<String, Double> frames(ExportMetricsServiceRequest request) {
    return request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
        .filter(metric -> metric.getName().equals("gatestream.frames"))
        .flatMap(metric -> metric.getSum().getDataPointsList().stream())
        .collect(
            Collectors.toMap(
                point -> point.getAttributes(0).getValue().getStringValue(),
                NumberDataPoint::getAsDouble));
  }

  @Test
  void timesAreInSeconds() {
    try (OtlpExport export = OtlpExport.start(endpoint("/v1/metrics"), NEVER, LONG)) {
      Metric.ENCODE.timer(export.registry()).record(Duration.ofMillis(1_500));
    }

    assertThat(pushed.get(0).getResourceMetrics(0).getScopeMetrics(0).getMetricsList())
        .singleElement()
        .satisfies(
            metric -> {
              assertThat(metric.getName()).isEqualTo("gatestream.encode");
              assertThat(metric.getUnit()).isEqualTo("seconds");
              assertThat(metric.getHistogram().getDataPoints(0).getSum()).isEqualTo(1.5);
              assertThat(metric.getHistogram().getDataPoints(0).getCount()).isOne();
            });
  }

  @Test
  void itPushesAtItsInterval() throws Exception {
    Optional<Duration> second = Optional.of(Duration.ofSeconds(1));
    try (OtlpExport export = OtlpExport.start(endpoint("/v1/metrics"), second, LONG)) {
      Metric.FRAMES.counter(export.registry(), "labelled").increment();
      while (pushed.stream().noneMatch(request -> request.getResourceMetricsCount() > 0)) {
        Thread.sleep(20);
      }
    }
  }

  @Test
  void aCollectorThatNeverAnswersHoldsUpNothing() {
    try (CapturedLog log = CapturedLog.of(OtlpExport.class)) {
      OtlpExport export = OtlpExport.start(endpoint("/slow"), NEVER, Duration.ofMillis(300));
      Metric.FRAMES.counter(export.registry(), "labelled").increment();

      export.close(); // the answer comes after it

      assertThat(answer.getCount()).isOne();
      assertThat(log.lines()).anyMatch(line -> line.contains("the last metrics may not have come"));
    }
  }

  @Test
  void aCollectorThatRefusesIsOneWarningWithoutAStack() {
    status = 503;
    try (CapturedLog log = CapturedLog.of(OtlpExport.class);
        CapturedLog micrometer =
            CapturedLog.of(io.micrometer.registry.otlp.OtlpMeterRegistry.class)) {
      OtlpExport export = OtlpExport.start(endpoint("/v1/metrics"), NEVER, LONG);
      Metric.FRAMES.counter(export.registry(), "labelled").increment();
      export.close();

      assertThat(log.lines())
          .filteredOn(line -> line.contains("cannot be pushed"))
          .singleElement()
          .satisfies(line -> assertThat(line).contains("/v1/metrics: ", "503"));
      assertThat(micrometer.lines()).isEmpty();
    }
  }

  @Test
  void headersThatCannotBeReadAreNamedWithoutTheirValue() {
    OtlpConfig variables =
        new OtlpConfig() {
          @Override
          public @Nullable String get(String key) {
            return null;
          }

          /** As it does with a % that begins no escape in the variable, which no test can set. */
          @Override
          public Map<String, String> headers() {
            throw new InvalidConfigurationException(
                "Cannot URL decode headers value: api-key=s3cret%zz");
          }
        };

    assertThatThrownBy(() -> OtlpExport.headers(variables))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }
}

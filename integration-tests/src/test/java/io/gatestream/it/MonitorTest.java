package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Metrics and health of a running instance. */
@ExtendWith(GatestreamExtension.class)
class MonitorTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final String APPLICATION = "monitored";
  private static final TopicNames TOPICS = TopicNames.of(Recorded.FRAMES, APPLICATION);

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<ExportMetricsServiceRequest> pushed = new CopyOnWriteArrayList<>();

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void metricsAndHealthAnswer(Recorded recorded, Gatestream gatestream) throws Exception {
    HttpServer collector = collector();
    try {
      metricsAndHealthAnswer(recorded, gatestream, collector.getAddress().getPort());
    } finally {
      collector.stop(0);
    }
  }

  private void metricsAndHealthAnswer(Recorded recorded, Gatestream gatestream, int collector)
      throws Exception {
    Running run =
        gatestream.startRun(
            "run",
            recorded.bootstrapServers(),
            APPLICATION,
            TOPICS,
            "--http-port",
            "0",
            "--log-format",
            "json",
            "--otlp-endpoint",
            "http://127.0.0.1:" + collector,
            "--otlp-interval-seconds",
            "3600");
    String address = run.awaitErr("metrics and health on (http://127\\.0\\.0\\.1:[1-9][0-9]*)");

    assertThat(get(address + "/live").statusCode()).isEqualTo(200);
    Wait.until(() -> "/ready", () -> get(address + "/ready").statusCode() == 200);
    Wait.until(
        () -> "labels in the metrics of " + run,
        () -> {
          run.requireAlive();
          return labelled(get(address + "/metrics").body()) > 0;
        });
    HttpResponse<String> metrics = get(address + "/metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    assertThat(metrics.body())
        .contains("gatestream_frames_total{outcome=\"labelled\"}")
        .contains("gatestream_frames_dropped_total{reason=\"OLDER_SESSION\"} 0")
        .containsPattern("gatestream_resets_total\\{reason=\"FIRST_FRAME\"} [1-9]")
        .containsPattern("gatestream_pass_seconds_count [1-9]")
        .contains("gatestream_passes_lost_total 0")
        .contains("kafka_stream_");
    requireHelpTexts(metrics.body());
    HttpResponse<String> streams = get(address + "/streams");
    assertThat(streams.statusCode()).isEqualTo(200);
    assertThat(streams.headers().firstValue("content-type").orElse("")).contains("json");
    assertThat(streams.body()).contains("\"streams\"");

    long labelled = labelled(get(address + "/metrics").body());
    assertThat(run.terminate()).as(run::tail).isZero();
    assertThat(pushed).as("the push of the close, by %s", run.tail()).isNotEmpty();
    assertThat(pushedLabels(pushed.get(pushed.size() - 1)))
        .isGreaterThanOrEqualTo((double) labelled);
    requireJson(run.err());
  }

  /** A collector that takes what is pushed by OTLP. */
  private HttpServer collector() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/metrics",
        exchange -> {
          try (exchange) {
            pushed.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    return server;
  }

  private static double pushedLabels(ExportMetricsServiceRequest request) {
    return request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
        .filter(metric -> metric.getName().equals("gatestream.frames"))
        .flatMap(metric -> metric.getSum().getDataPointsList().stream())
        .filter(point -> point.getAttributes(0).getValue().getStringValue().equals("labelled"))
        .mapToDouble(NumberDataPoint::getAsDouble)
        .sum();
  }

  /** Of Gatestream's metrics and of Kafka's, of which a few come without a word from Kafka. */
  private static void requireHelpTexts(String metrics) {
    assertThat(
            metrics
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .filter(line -> !line.contains("_node_request_latency_")))
        .hasSizeGreaterThan(50)
        .allSatisfy(
            line ->
                assertThat(metrics).containsPattern("# HELP " + line.split(" ", -1)[2] + " \\S"));
  }

  private static void requireJson(String err) throws IOException {
    List<String> lines = err.lines().toList();
    assertThat(lines).hasSizeGreaterThan(2);
    for (String line : lines) {
      JsonNode event = JSON.readTree(line);
      assertThat(event.isObject()).as(line).isTrue();
      assertThat(event.path("message").asText()).as(line).isNotEmpty();
      assertThat(event.path("log.level").asText()).as(line).matches("INFO|WARN");
    }
  }

  private static long labelled(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("gatestream_frames_total{outcome=\"labelled\"}"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private HttpResponse<String> get(String address) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(address)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

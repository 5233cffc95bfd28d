package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Metrics and health of a running instance. */
@ExtendWith(GatestreamExtension.class)
class MonitorTest {
  private static final String APPLICATION = "monitored";
  private static final TopicNames TOPICS = TopicNames.of(Recorded.FRAMES, APPLICATION);

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void metricsAndHealthAnswer(Recorded recorded, Gatestream gatestream) {
    Running run =
        gatestream.startRun(
            "run", recorded.bootstrapServers(), APPLICATION, TOPICS, "--http-port", "0");
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
    HttpResponse<String> streams = get(address + "/streams");
    assertThat(streams.statusCode()).isEqualTo(200);
    assertThat(streams.headers().firstValue("content-type").orElse("")).contains("json");
    assertThat(streams.body()).contains("\"streams\"");

    assertThat(run.terminate()).as(run::tail).isZero();
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

package io.gatestream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.GeneratedPage;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.lookahead.DecodeWatch;
import io.gatestream.lookahead.Forecast;
import io.gatestream.lookahead.Lookahead;
import io.gatestream.lookahead.LookaheadSettings;
import io.gatestream.model.FrameEncoder;
import io.gatestream.stream.passes.PassLimits;
import io.gatestream.stream.passes.Passes;
import io.gatestream.stream.steps.StepMeters;
import io.gatestream.stream.watch.StreamMetrics;
import io.gatestream.stream.watch.StreamWatch;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** docs/metrics.md and {@code /metrics}. */
class MetricsPageTest {
  private static final String HEAD =
      """
      # Metrics

      `/metrics` shows these metrics as Prometheus text ([operations.md](operations.md#monitoring)). Every one is there from the start, before its first event. Counts begin at 0 with the process. A transaction that aborts counts its frames again. So metrics are for watching, and [the account](topics.md#a-label) is the proof.

      `--otlp-endpoint` pushes the same metrics by OTLP. Their names have dots there, and no ending: `gatestream.frames` is `gatestream_frames_total`. A timer or a summary is a histogram with sum and count there. Its largest value comes only with `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta`.

      A timer and a summary have three series: `_count` says how many there were, `_sum` adds them up, and `_max` is the largest of the last minutes.

      | Metric | Kind | Unit | Tag | Meaning |
      |---|---|---|---|---|
      """;

  private static final String KAFKA =
      """

      ## Kafka's own metrics

      The names of Kafka's metrics begin with `kafka_`: `kafka_stream_`, `kafka_consumer_`, `kafka_producer_`, `kafka_admin_client_` and `kafka_app_info_`. Micrometer takes over all that the clients and Kafka Streams have. Their help texts are Kafka's; a few, such as those of `request_latency` by node, are empty. Kafka's documentation describes each: a dash or a dot of its name is `_` here. Two useful ones: `kafka_consumer_fetch_manager_records_lag_max` says how far an instance is behind, and `kafka_consumer_coordinator_rebalance_total` how often partitions moved.
      """;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Lookahead lookahead =
      new Lookahead(
          "frames",
          new LookaheadSettings(0, 2, 1),
          new AvroFrameCodec(FrameLimits.DEFAULT),
          1,
          () -> {
            throw new IllegalStateException("nothing is decoded");
          },
          new NoEncoder(),
          Forecast.ALL,
          DecodeWatch.NONE,
          registry);

  MetricsPageTest() {
    new StreamMetrics(registry);
    new StepMeters(registry);
    new StreamWatch(1, registry, InstantSource.system(), line -> {}).close();
    new Passes(new PassLimits(600_000, 900_000, 10_000), registry);
  }

  @AfterEach
  void close() {
    lookahead.close();
  }

  @Test
  void everyMeterIsInTheListAndHasItsDescription() {
    ListedMeters.require(registry);
  }

  @Test
  void prometheusShowsNameAndDescription() {
    String page = registry.scrape();

    assertThat(Metric.values())
        .allSatisfy(
            metric ->
                assertThat(page)
                    .contains("# HELP %s %s\n".formatted(name(metric), metric.description())));
  }

  /** A timer's largest value is a series of its own. */
  @Test
  void everySeriesOfThePageHasAHelpText() {
    assertThat(registry.scrape().lines().filter(line -> line.startsWith("# TYPE ")))
        .hasSizeGreaterThan(Metric.values().length)
        .allSatisfy(
            line ->
                assertThat(registry.scrape())
                    .containsPattern(
                        "# HELP " + line.split(" ", -1)[2] + " \\S.* Unit: \\w+\\.\n"));
  }

  @Test
  void thePageIsWhatTheCodeSays() throws IOException {
    GeneratedPage.check(
        "metrics.md",
        HEAD + Arrays.stream(Metric.values()).map(this::row).collect(Collectors.joining()) + KAFKA);
  }

  private String row(Metric metric) {
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(name(metric), kind(metric), metric.unit(), tag(metric), metric.sentence());
  }

  private static String name(Metric metric) {
    String name = new PrometheusNamingConvention().name(metric.id(), metric.type(), null);
    return metric.type() == Meter.Type.COUNTER ? name + "_total" : name;
  }

  private static String kind(Metric metric) {
    return metric.type() == Meter.Type.DISTRIBUTION_SUMMARY
        ? "summary"
        : metric.type().name().toLowerCase(Locale.ROOT);
  }

  private String tag(Metric metric) {
    return metric.tag().isEmpty()
        ? ""
        : registry.get(metric.id()).meters().stream()
            .map(meter -> "`%s`".formatted(meter.getId().getTag(metric.tag())))
            .sorted()
            .collect(Collectors.joining(", ", "`%s`: ".formatted(metric.tag()), ""));
  }

  private static final class NoEncoder implements FrameEncoder {
    @Override
    public int featureSize() {
      return 1;
    }

    @Override
    public int maxBatch() {
      return 1;
    }

    @Override
    public int callers() {
      return 1;
    }

    @Override
    public float[][] encode(ByteBuffer pixels, int batch) {
      return new float[batch][1];
    }

    @Override
    public void close() {}
  }
}

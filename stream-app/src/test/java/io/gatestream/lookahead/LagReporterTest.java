package io.gatestream.lookahead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Value;
import org.junit.jupiter.api.Test;

/** Consumers of one process that take partitions over from each other. */
class LagReporterTest {
  private final PartitionLags lags = new PartitionLags();

  private Metrics consumer() {
    LagReporter reporter = new LagReporter();
    reporter.configure(Map.of(LagReporter.LAGS, lags));
    Metrics metrics = new Metrics();
    metrics.addReporter(reporter);
    return metrics;
  }

  private static Sensor lag(Metrics metrics, String name, int partition) {
    Sensor sensor = metrics.sensor(name + partition);
    sensor.add(
        new MetricName(
            name,
            "consumer-fetch-manager-metrics",
            "",
            Map.of("topic", "frames", "partition", Integer.toString(partition))),
        new Value());
    return sensor;
  }

  @Test
  void theLagIsThatOfTheLastPoll() {
    try (Metrics metrics = consumer()) {
      assertThat(lags.of(3)).isZero();
      Sensor lag = lag(metrics, "records-lag", 3);
      assertThat(lags.of(3)).as("nothing polled yet").isZero();
      lag.record(17);
      lag(metrics, "records-lag-max", 3).record(99);
      lag(metrics, "records-lag", 4).record(5);
      assertThat(List.of(lags.of(3), lags.of(4), lags.of(5))).isEqualTo(List.of(17L, 5L, 0L));
      lag.record(2);
      assertThat(lags.of(3)).isEqualTo(2);
    }
  }

  @Test
  void thePartitionsNextConsumerTells() {
    try (Metrics before = consumer();
        Metrics after = consumer()) {
      lag(before, "records-lag", 3).record(17);
      lag(after, "records-lag", 3).record(4);
      before.removeSensor("records-lag3");
      assertThat(lags.of(3)).as("removed by the one that lost it, later").isEqualTo(4);
      after.removeSensor("records-lag3");
      assertThat(lags.of(3)).isZero();
    }
  }

  /** A lag of 0 means nothing while the brokers do not answer. */
  @Test
  void aPartitionIsFetchedWhileItsConsumersFetchesAreAnswered() {
    assertThat(lags.isFetched(3)).as("no consumer is known").isTrue();
    try (Metrics metrics = consumer()) {
      Sensor answers = metrics.sensor("fetches");
      answers.add(
          new MetricName("fetch-total", "consumer-fetch-manager-metrics", "", Map.of()),
          new Value());
      lag(metrics, "records-lag", 3).record(0);
      answers.record(1);
      assertThat(lags.isFetched(3)).as("the first time").isTrue();
      assertThat(lags.isFetched(3)).as("no answer since").isFalse();
      answers.record(2);
      assertThat(lags.isFetched(3)).as("an answer since").isTrue();
      assertThat(lags.isFetched(3)).isFalse();
    }
  }

  @Test
  void withoutLagsItIsNoReporter() {
    assertThatThrownBy(() -> new LagReporter().configure(Map.of()))
        .hasMessageContaining(LagReporter.LAGS);
  }
}

package io.gatestream.lookahead;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a main consumer knows of its partitions' lag. One for each main consumer, which reads
 * the frames topic alone; made by Kafka, which hands over the {@link PartitionLags} as the setting
 * {@link #LAGS}.
 */
public final class LagReporter implements MetricsReporter {
  /** The setting whose value is the {@link PartitionLags} itself. */
  public static final String LAGS = "gatestream.lags";

  private static final String NAME = "records-lag";
  private static final String ANSWERS = "fetch-total";

  private @Nullable PartitionLags lags;
  private volatile @Nullable KafkaMetric answers;

  @Override
  public void configure(Map<String, ?> configs) {
    if (!(configs.get(LAGS) instanceof PartitionLags given)) {
      throw new IllegalArgumentException(LAGS + " is " + configs.get(LAGS) + ", not lags");
    }
    lags = given;
  }

  @Override
  public void init(List<KafkaMetric> metrics) {
    metrics.forEach(this::metricChange);
  }

  @Override
  public void metricChange(KafkaMetric metric) {
    if (metric.metricName().name().equals(ANSWERS)) {
      answers = metric;
    }
    PartitionLags all = lags;
    if (all != null) {
      onLag(metric, (partition, lag) -> all.add(partition, lag, answers));
    }
  }

  @Override
  public void metricRemoval(KafkaMetric metric) {
    if (lags != null) {
      onLag(metric, lags::remove);
    }
  }

  private static void onLag(KafkaMetric metric, BiConsumer<Integer, KafkaMetric> change) {
    String partition = metric.metricName().tags().get("partition");
    if (metric.metricName().name().equals(NAME) && partition != null) {
      change.accept(Integer.valueOf(partition), metric);
    }
  }

  @Override
  public void close() {
    // Kafka has told of the removal of every metric by then
  }
}

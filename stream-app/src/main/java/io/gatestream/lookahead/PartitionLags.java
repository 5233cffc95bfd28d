package io.gatestream.lookahead;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/**
 * How many records of each partition of the frames topic wait on the brokers: what the consumers of
 * this process have not polled yet, as of the last poll of each. Thread-safe.
 */
public final class PartitionLags {
  private final Map<Integer, KafkaMetric> lags = new ConcurrentHashMap<>();

  /** Of the consumer that has a partition: how many fetches were answered. */
  private final Map<Integer, KafkaMetric> fetches = new ConcurrentHashMap<>();

  private final Map<Integer, Double> fetched = new ConcurrentHashMap<>();

  /** Records not yet polled; 0 where no consumer has polled the partition. */
  public long of(int partition) {
    KafkaMetric lag = lags.get(partition);
    return lag != null && lag.metricValue() instanceof Double value && value > 0
        ? value.longValue()
        : 0;
  }

  /**
   * Whether brokers have answered the partition's consumer since this was asked last: an idle topic
   * is answered twice a second. Else its lag is of no use. True where no consumer is known. To be
   * asked by one caller for each partition.
   */
  public boolean isFetched(int partition) {
    KafkaMetric answers = fetches.get(partition);
    if (answers == null || !(answers.metricValue() instanceof Double now)) {
      return true;
    }
    Double before = fetched.put(partition, now);
    return before == null || now > before;
  }

  /** Takes the metrics of a partition; {@code answers} is null where its consumer has none. */
  void add(int partition, KafkaMetric lag, @Nullable KafkaMetric answers) {
    lags.put(partition, lag);
    if (answers != null) {
      fetches.put(partition, answers);
    }
  }

  /** Another consumer may have taken the partition over meanwhile: its metric stays. */
  void remove(int partition, KafkaMetric lag) {
    if (lags.remove(partition, lag)) {
      fetches.remove(partition);
      fetched.remove(partition);
    }
  }
}

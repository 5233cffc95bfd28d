package io.gatestream.lookahead;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * How many records of each partition of the frames topic wait on the brokers: what the consumers of
 * this process have not polled yet, as of the last poll of each. Thread-safe.
 */
public final class PartitionLags {
  private final Map<Integer, KafkaMetric> lags = new ConcurrentHashMap<>();

  /** Records not yet polled; 0 where no consumer has polled the partition. */
  public long of(int partition) {
    KafkaMetric lag = lags.get(partition);
    return lag != null && lag.metricValue() instanceof Double value && value > 0
        ? value.longValue()
        : 0;
  }

  void add(int partition, KafkaMetric lag) {
    lags.put(partition, lag);
  }

  /** Another consumer may have taken the partition over meanwhile: its metric stays. */
  void remove(int partition, KafkaMetric lag) {
    lags.remove(partition, lag);
  }
}

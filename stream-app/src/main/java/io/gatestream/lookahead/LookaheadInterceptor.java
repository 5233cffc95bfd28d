package io.gatestream.lookahead;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Shows every polled batch to the lookahead and returns it unchanged. One for each main consumer,
 * on its polling thread, which is the stream thread; made by Kafka, which hands over the {@link
 * RecordIntake} as the setting {@link #INTAKE}.
 */
public final class LookaheadInterceptor implements ConsumerInterceptor<byte[], byte[]> {
  /** The setting whose value is the {@link RecordIntake} itself. */
  public static final String INTAKE = "gatestream.lookahead";

  private @Nullable RecordIntake intake;

  @Override
  public void configure(Map<String, ?> configs) {
    if (!(configs.get(INTAKE) instanceof RecordIntake given)) {
      throw new IllegalArgumentException(
          INTAKE + " is " + configs.get(INTAKE) + ", not a record intake");
    }
    intake = given;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    if (intake != null) {
      intake.offer(records);
    }
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    // Not called under exactly-once: entries are evicted by position in take and purge.
  }

  @Override
  public void close() {
    if (intake != null) {
      intake.leave();
    }
  }
}

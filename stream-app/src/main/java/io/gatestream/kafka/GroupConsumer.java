package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Makes consumers of a group whose offsets its owner commits. */
public final class GroupConsumer {
  private GroupConsumer() {}

  /**
   * A consumer of committed records.
   *
   * @param fromBeginning where a group without offsets begins: with the oldest record, or with
   *     those that come
   * @throws io.gatestream.errors.ConfigException Kafka refuses a client setting
   */
  public static Consumer<byte[], byte[]> open(
      KafkaAccess access, String group, boolean fromBeginning) {
    return GrouplessConsumer.open(
        access,
        Map.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            group,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            fromBeginning ? "earliest" : "latest",
            // one at a time is delivered: no more than can be within the poll interval
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            100));
  }
}

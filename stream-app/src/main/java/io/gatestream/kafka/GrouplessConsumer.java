package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes consumers that belong to no group, commit nothing and leave the brokers as they are. */
public final class GrouplessConsumer {
  /** For {@link #open}: also what is of open and aborted transactions. */
  public static final Map<String, Object> UNCOMMITTED =
      Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");

  private GrouplessConsumer() {}

  /**
   * A consumer of committed records, from the oldest where it is not told from which.
   *
   * @param further settings, which win
   * @throws io.gatestream.errors.ConfigException Kafka refuses a client setting
   */
  public static Consumer<byte[], byte[]> open(KafkaAccess access, Map<String, Object> further) {
    Map<String, Object> config = access.consumer();
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.putAll(further);
    try {
      return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw ClientFault.inSettings(e);
    }
  }
}

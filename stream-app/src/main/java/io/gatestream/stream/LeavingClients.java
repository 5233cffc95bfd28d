package io.gatestream.stream;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's own clients, but main consumers always leave their group when they close. Kafka Streams
 * lets the consumer of a failed and replaced thread stay a member: its partitions, and a rebalance
 * of the whole group, then wait until the session of that member times out. Static members ({@code
 * group.instance.id}) close as Kafka Streams says: staying is what they are for. Producers are
 * {@link CommittingProducer}s.
 */
final class LeavingClients implements KafkaClientSupplier {
  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new CommittingProducer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return config.get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG) == null
        ? new LeavingConsumer(config)
        : consumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static final class LeavingConsumer extends KafkaConsumer<byte[], byte[]> {
    LeavingConsumer(Map<String, Object> config) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close(CloseOptions given) {
      CloseOptions leaving =
          CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
      super.close(given.timeout().map(leaving::withTimeout).orElse(leaving));
    }
  }
}

package io.gatestream.stream;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's own clients, but main consumers leave their group when they close. Kafka Streams lets the
 * consumer of a failed and replaced thread stay a member: its partitions, and a rebalance of the
 * whole group, then wait until the session of that member times out. So it is with static members
 * ({@code group.instance.id}) too, for the thread that replaces another is another member. They
 * stay where the whole instance closes, if that was asked for. Producers are {@link
 * CommittingProducer}s.
 */
final class LeavingClients implements KafkaClientSupplier {
  private final BooleanSupplier stays;

  /**
   * Creates the clients.
   *
   * @param stays asked on the thread that closes a consumer: whether it stays in its group
   */
  LeavingClients(BooleanSupplier stays) {
    this.stays = stays;
  }

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
    return new LeavingConsumer(config, stays);
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
    private final BooleanSupplier stays;

    LeavingConsumer(Map<String, Object> config, BooleanSupplier stays) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      this.stays = stays;
    }

    @Override
    public void close(CloseOptions given) {
      CloseOptions closing =
          CloseOptions.groupMembershipOperation(
              stays.getAsBoolean()
                  ? GroupMembershipOperation.REMAIN_IN_GROUP
                  : GroupMembershipOperation.LEAVE_GROUP);
      super.close(given.timeout().map(closing::withTimeout).orElse(closing));
    }
  }
}

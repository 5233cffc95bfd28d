package io.gatestream.stream.passes;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's own clients, but main consumers leave their group when they close. Kafka Streams lets the
 * consumer of a failed and replaced thread stay a member: its partitions, and a rebalance of the
 * whole group, then wait until the session of that member times out. So it is with static members
 * ({@code group.instance.id}) too, for the thread that replaces another is another member. They
 * stay where the whole instance closes, if that was asked for. Main consumers are {@link
 * MainConsumer}s and producers {@link CommittingProducer}s.
 */
public final class LeavingClients implements KafkaClientSupplier {
  private final PassLimits limits;
  private final Passes passes;
  private final BooleanSupplier stays;
  private volatile Optional<String> transactionalId = Optional.empty();

  /**
   * Creates the clients.
   *
   * @param stays asked on the thread that closes a consumer: whether it stays in its group
   */
  public LeavingClients(PassLimits limits, Passes passes, BooleanSupplier stays) {
    this.limits = limits;
    this.passes = passes;
    this.stays = stays;
  }

  /**
   * One of the transactional ids of this process; there once Kafka Streams has made its threads,
   * under exactly-once.
   */
  Optional<String> transactionalId() {
    return transactionalId;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    transactionalId =
        Optional.ofNullable(config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG))
            .map(Object::toString);
    return new CommittingProducer(config, passes);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new MainConsumer(config, limits, stays);
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
}

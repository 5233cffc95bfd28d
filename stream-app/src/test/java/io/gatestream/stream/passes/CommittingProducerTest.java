package io.gatestream.stream.passes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(180)
class CommittingProducerTest {
  private static final Map<TopicPartition, OffsetAndMetadata> OFFSETS =
      Map.of(new TopicPartition("topic", 0), new OffsetAndMetadata(1));

  @TempDir Path folder;

  @Test
  void aCommitWhoseEndIsNotKnownIsNoTimeoutThatIsTriedAgain() throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(0, folder);
    ConsumerGroupMetadata group = group(broker);
    CommittingProducer offsets = producer(broker, "offsets");
    CommittingProducer commit = producer(broker, "commit");
    try {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        admin.createTopics(List.of(new NewTopic("topic", 1, (short) 1))).all().get();
      }
      for (CommittingProducer producer : List.of(offsets, commit)) {
        inTime(producer::initTransactions);
        inTime(() -> producer.partitionsFor("topic"));
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("topic", new byte[1])).get();
      }
      broker.close();
      unknown(() -> offsets.sendOffsetsToTransaction(OFFSETS, group));
      unknown(commit::commitTransaction);
    } finally {
      broker.close();
      offsets.close(Duration.ZERO);
      commit.close(Duration.ZERO);
    }
  }

  /**
   * A slow machine makes Kafka's own topics slowly: the same call is tried again, as it must be.
   */
  private static void inTime(Runnable call) {
    while (true) {
      try {
        call.run();
        return;
      } catch (TimeoutException e) {
        // the test's own limit ends it
      }
    }
  }

  private static void unknown(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isExactlyInstanceOf(KafkaException.class)
        .hasMessageContaining("what became of the transaction is not known")
        .hasCauseInstanceOf(TimeoutException.class);
  }

  private static ConsumerGroupMetadata group(EmbeddedBroker broker) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "group");
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.groupMetadata();
    }
  }

  private static CommittingProducer producer(EmbeddedBroker broker, String id) {
    return new CommittingProducer(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "transactional.id",
            id,
            "max.block.ms",
            "3000"),
        new Passes(new PassLimits(600_000, 900_000, 10_000), new SimpleMeterRegistry()));
  }
}

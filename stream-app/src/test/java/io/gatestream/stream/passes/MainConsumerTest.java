package io.gatestream.stream.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(120)
class MainConsumerTest {
  private static final Duration POLL = Duration.ofMillis(200);

  @TempDir Path folder;

  @Test
  void aPollAfterLongWorkFetchesNothingAndTheNextOneDoes() throws Exception {
    TopicPartition partition = new TopicPartition("topic", 0);
    TopicPartition paused = new TopicPartition("topic", 1);
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder)) {
      fill(broker);
      // always after long work, as its limit is none
      try (MainConsumer busy = consumer(broker, 0)) {
        busy.assign(List.of(partition, paused));
        busy.seekToBeginning(List.of(partition));
        busy.pause(List.of(paused));
        for (int i = 0; i < 10; i++) {
          assertThat(busy.poll(POLL)).isEmpty();
          assertThat(busy.paused()).as("as it was").isEqualTo(Set.of(paused));
        }
      }
      try (MainConsumer idle = consumer(broker, Integer.MAX_VALUE)) {
        idle.assign(List.of(partition));
        idle.seekToBeginning(List.of(partition));
        int count = 0;
        while (count < 10) {
          int polled = idle.poll(POLL).count();
          assertThat(polled).isLessThanOrEqualTo(2);
          count += polled;
        }
      }
    }
  }

  private static MainConsumer consumer(EmbeddedBroker broker, int pollMillis) {
    return new MainConsumer(
        new HashMap<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                "group",
                "max.poll.records",
                2,
                "enable.auto.commit",
                false)),
        new PassLimits(600_000, 900_000, pollMillis),
        () -> false);
  }

  private static void fill(EmbeddedBroker broker) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      admin.createTopics(List.of(new NewTopic("topic", 2, (short) 1))).all().get();
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>("topic", 0, null, new byte[1])).get();
      }
    }
  }
}

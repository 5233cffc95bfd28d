package io.gatestream.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class BrokersTest {
  @TempDir static Path folder;

  private static EmbeddedBroker broker;
  private static KafkaAccess access;
  private static Brokers brokers;

  @BeforeAll
  static void open() {
    broker = EmbeddedBroker.start(0, folder);
    access = new KafkaAccess(broker.bootstrapServers(), Map.of(), Duration.ofSeconds(60));
    brokers = new Brokers(access);
  }

  @AfterAll
  static void close() {
    brokers.close();
    broker.close();
  }

  /** A port that is bound and never accepts is the same to a client as a machine that is away. */
  @Test
  void whereNobodyAnswersTheAddressAndTheWayOutAreNamed() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      KafkaAccess away = new KafkaAccess(address, Map.of(), Duration.ofSeconds(1));
      try (Brokers nobody = new Brokers(away)) {
        assertThatThrownBy(() -> nobody.topics().find("frames"))
            .isInstanceOf(OutageException.class)
            .hasMessage(
                "no Kafka broker answers at %s within 1 s: check the address, or raise --broker-timeout"
                    .formatted(address));
      }
    }
  }

  @Test
  void settingsThatKafkaRefusesAreAMistake() {
    KafkaAccess wrong =
        new KafkaAccess(
            "127.0.0.1:1", Map.of("security.protocol", "SECRET"), Duration.ofSeconds(1));
    assertThatThrownBy(() -> new Brokers(wrong))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot use the Kafka client settings")
        .hasMessageContaining("security.protocol");
    assertThatThrownBy(() -> RangeReader.committed(wrong))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot use the Kafka client settings");
  }

  @Test
  void aTopicIsMadeOnceWithItsSettingsAndGoesAway() {
    TopicAdmin topics = brokers.topics();
    assertThat(topics.find("made")).isEmpty();

    assertThat(topics.create("made", 3, 0, TopicAdmin.captureTimeSettings(2_000_000))).isTrue();
    assertThat(topics.create("made", 5, 0, Map.of())).isFalse();

    assertThat(topics.find("made").orElseThrow().partitions()).hasSize(3);
    assertThat(topics.settings("made").map(found -> TopicAdmin.text(found, "max.message.bytes")))
        .contains("2000000");
    topics.delete("made");
    topics.delete("made");
    assertThat(topics.find("made")).isEmpty();
    assertThatThrownBy(() -> topics.ends("made")).hasMessage("the topic 'made' is gone");
  }

  /** As an instance that another one was faster than, at a broker that has not heard of it. */
  @Test
  void aTopicThatTheBrokerHasNotHeardOfYetIsAskedForAgain() throws Exception {
    TopicAdmin topics = brokers.topics();
    CompletableFuture<Optional<Config>> settings =
        CompletableFuture.supplyAsync(() -> topics.settings("late"));
    CompletableFuture<TopicDescription> known =
        CompletableFuture.supplyAsync(() -> topics.known("late"));
    for (int question = 0; question < 20; question++) {
      assertThat(topics.find("late")).isEmpty();
    }
    topics.create("late", 2, 0, Map.of());
    assertThat(settings.get()).isPresent();
    assertThat(known.get().partitions()).hasSize(2);
    assertThatThrownBy(() -> topics.settings("never"))
        .isInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void aTopicThatIsDeletedIsNotWaitedForUntilTheTimeout() {
    TopicAdmin topics = brokers.topics();
    topics.create("deleted", 2, 0, Map.of());
    TopicAdmin.Leaders leaders = topics.new Leaders("deleted");
    assertThat(leaders.getAsBoolean()).isTrue();
    topics.delete("deleted");
    assertThatThrownBy(() -> brokers.calls().await("a leader", leaders))
        .isInstanceOf(UnknownTopicOrPartitionException.class)
        .hasMessage("the topic 'deleted' is gone");
  }

  @Test
  void aSingleRecordIsFoundByItsPositionOrThereIsNone() {
    brokers.topics().create("values", 1, 1, Map.of());
    send("values", "a", "b", "c");
    brokers
        .calls()
        .get(
            brokers
                .calls()
                .client()
                .deleteRecords(
                    Map.of(new TopicPartition("values", 0), RecordsToDelete.beforeOffset(1)))
                .all());
    try (RangeReader reader = RangeReader.uncommitted(access)) {
      assertThat(reader.value(new RecordPosition("values", 0, 0))).isEmpty(); // deleted
      assertThat(reader.value(new RecordPosition("values", 0, 1)))
          .hasValueSatisfying(value -> assertThat(value).asString(US_ASCII).isEqualTo("b"));
      assertThat(reader.value(new RecordPosition("values", 0, 2)))
          .hasValueSatisfying(value -> assertThat(value).asString(US_ASCII).isEqualTo("c"));
      assertThat(reader.value(new RecordPosition("values", 0, 3))).isEmpty();
      assertThat(reader.value(new RecordPosition("values", 7, 0))).isEmpty();
      assertThat(reader.value(new RecordPosition("no-such", 0, 0))).isEmpty();
    }
  }

  @Test
  void aGroupIsThroughATopicOnceAllOfItIsCommitted() {
    brokers.topics().create("progress", 2, 1, Map.of());
    send("progress", "a", "b");
    TopicPartition first = new TopicPartition("progress", 0);
    try (GroupProgress progress = new GroupProgress(access, "watched", "progress")) {
      assertThat(progress.caughtUp()).isFalse();
      brokers.groups().commit("watched", Map.of(first, new OffsetAndMetadata(1)));
      assertThat(progress.caughtUp()).isFalse();
      brokers.groups().commit("watched", Map.of(first, new OffsetAndMetadata(2)));
      assertThat(progress.caughtUp()).isTrue();
    }
    assertThat(brokers.groups().members("watched")).isEmpty();
    brokers.groups().delete("watched");
    assertThat(brokers.groups().committed("watched")).isEmpty();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the test reads what was sent
  private static void send(String topic, String... values) {
    Map<String, Object> settings = access.producer();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String value : List.of(values)) {
        producer.send(new ProducerRecord<>(topic, 0, null, value.getBytes(US_ASCII)));
      }
    }
  }
}

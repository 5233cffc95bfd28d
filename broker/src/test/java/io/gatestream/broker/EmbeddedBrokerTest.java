package io.gatestream.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("process")
@Timeout(120)
final class EmbeddedBrokerTest {
  private static final String TOPIC = "frames";

  @TempDir Path folder;

  @Test
  void largeTransactionalRecordSurvivesRestart() throws Exception {
    byte[] value = new byte[5 << 20];
    value[value.length - 1] = 42;
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder)) {
      assertThat(broker.bootstrapServers()).matches("127\\.0\\.0\\.1:[1-9][0-9]*");
      create(broker);
      produce(broker, value);
      assertThat(consume(broker)).containsExactly(value);
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder)) {
      assertThat(consume(broker)).containsExactly(value);
    }
  }

  @Test
  void secondCloseDoesNothing() {
    EmbeddedBroker broker = EmbeddedBroker.start(0, folder);
    broker.close();
    broker.close();
  }

  @Test
  void runningBrokerKeepsItsFolder() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder)) {
      assertThat(broker.bootstrapServers()).isNotEmpty();
      assertThatThrownBy(() -> EmbeddedBroker.start(0, folder))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("a broker is running on it already");
    }
  }

  @Test
  void takenPortIsNamedAndFolderFreed() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> EmbeddedBroker.start(taken.getLocalPort(), folder))
            .isInstanceOf(BrokerException.class)
            .hasMessageContaining("port " + taken.getLocalPort());
      }
    }
  }

  @Test
  void portOutOfRangeIsRefused() {
    assertThatThrownBy(() -> EmbeddedBroker.start(70_000, folder))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("70000");
  }

  @Test
  void folderWithOtherFilesIsRefused() throws Exception {
    Files.createFile(folder.resolve("holiday.mp4"));
    assertThatThrownBy(() -> EmbeddedBroker.start(0, folder))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("holiday.mp4");
    assertThat(folder.resolve("meta.properties")).doesNotExist();
  }

  @Test
  void fileInPlaceOfFolderIsRefused() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> EmbeddedBroker.start(0, file))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void furtherSettingsWinAndTheFirstListenerIsTheAddress() throws Exception {
    int port = LocalPort.available(0);
    int controller = LocalPort.available(0);
    Map<String, String> further =
        Map.of(
            "listeners",
            "INSIDE://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controller),
            "advertised.listeners",
            "INSIDE://127.0.0.1:" + port,
            "inter.broker.listener.name",
            "INSIDE",
            "listener.security.protocol.map",
            "INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "node.id",
            "7",
            "controller.quorum.voters",
            "7@127.0.0.1:" + controller);
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder, further);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      assertThat(admin.describeCluster().controller().get().id()).isEqualTo(7);
    }
  }

  @Test
  void listenersAreAdvertisedAsTheyAreGiven() throws Exception {
    int port = LocalPort.available(0);
    int controller = LocalPort.available(0);
    Map<String, String> further =
        Map.of(
            "listeners",
            "CONTROLLER://127.0.0.1:%d,INSIDE://127.0.0.1:%d".formatted(controller, port),
            "inter.broker.listener.name",
            "INSIDE",
            "listener.security.protocol.map",
            "INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.quorum.voters",
            "1@127.0.0.1:" + controller);
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder, further);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      assertThat(admin.describeCluster().controller().get().port()).isEqualTo(port);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"log.dirs", "log.dir", "metadata.log.dir"})
  void anotherFolderForDataIsRefused(String setting) {
    Map<String, String> further = Map.of(setting, folder.resolve("other").toString());
    assertThatThrownBy(() -> EmbeddedBroker.start(0, folder.resolve("data"), further))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining(setting)
        .hasMessageContaining("--data");
  }

  @Test
  void settingThatKafkaRefusesIsNamed() {
    assertThatThrownBy(
            () -> EmbeddedBroker.start(0, folder, Map.of("num.io.threads", "as many as it takes")))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("num.io.threads");
    assertThatThrownBy(
            () -> EmbeddedBroker.start(0, folder.resolve("other"), Map.of("node.id", "one")))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("node.id is 'one'");
  }

  private static void create(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      NewTopic topic = new NewTopic(TOPIC, Optional.of(1), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a send that fails fails the commit
  private static void produce(EmbeddedBroker broker, byte[] value) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "transactional.id",
            "camera",
            "max.request.size",
            16 << 20);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 0, 1_000L, null, value));
      producer.commitTransaction();
    }
  }

  private static List<byte[]> consume(EmbeddedBroker broker) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "group.id",
            "readers-" + System.nanoTime(),
            "auto.offset.reset",
            "earliest",
            "isolation.level",
            "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      while (true) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
        if (!records.isEmpty()) {
          return StreamSupport.stream(records.spliterator(), false)
              .map(record -> record.value())
              .toList();
        }
      }
    }
  }
}

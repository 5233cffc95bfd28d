package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transactions that an instance left open as it died, with a broker. They would be open for ten
 * minutes, and nobody would read a label behind them; the tests end long before.
 */
@Tag("process")
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadInstanceTest {
  private static final int FRAMES = 5;

  @TempDir static Path folder;
  private EmbeddedBroker broker;
  private Admin admin;

  @BeforeAll
  void start() {
    broker = EmbeddedBroker.start(0, folder.resolve("broker"));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  void stop() {
    admin.close();
    broker.close();
  }

  private TestApplication application(String id) {
    return new TestApplication(broker, folder.resolve("state-" + id), id, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void thatOfAnotherProcessIsAbortedByTheSurvivor(String protocol) throws Exception {
    TestApplication application = application("survivor-" + protocol);
    application.send(FRAMES);
    String dead = application.id() + "-" + UUID.randomUUID() + "-1";
    try (KafkaProducer<byte[], byte[]> open = open(application, dead);
        GatestreamApp app = app(application, protocol)) {
      app.start();
      assertThat(application.labels(0, FRAMES, app)).hasSize(FRAMES);
      assertThat(state(dead)).isNotEqualTo(TransactionState.ONGOING);
    }
  }

  @Test
  void thatOfAThreadOfAnEarlierRunIsAbortedAtTheStart() throws Exception {
    TestApplication application = application("earlier");
    application.send(FRAMES);
    try (GatestreamApp app = app(application, "classic")) {
      app.start();
      assertThat(application.labels(0, FRAMES, app)).hasSize(FRAMES);
    }
    String own =
        listed().stream()
            .map(TransactionListing::transactionalId)
            .filter(id -> id.startsWith("earlier-"))
            .findFirst()
            .orElseThrow();
    String dead = own.replaceFirst("-\\d+$", "-7");
    try (KafkaProducer<byte[], byte[]> open = open(application, dead);
        GatestreamApp app = app(application, "classic")) {
      app.start();
      assertThat(state(dead)).isNotEqualTo(TransactionState.ONGOING);
    }
  }

  private static GatestreamApp app(TestApplication application, String protocol) {
    return GatestreamApp.open(
        protocol.equals("classic")
            ? application.config()
            : application.config("kafka.group.protocol", protocol));
  }

  /** A producer with a transaction that has written a label; it stays open until it is fenced. */
  private KafkaProducer<byte[], byte[]> open(TestApplication application, String id)
      throws Exception {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "transactional.id",
                id,
                "transaction.timeout.ms",
                600_000),
            new ByteArraySerializer(),
            new ByteArraySerializer()) {
          @Override
          public void close() {
            close(Duration.ZERO); // as one that died: nothing is committed or aborted
          }
        };
    producer.initTransactions();
    producer.beginTransaction();
    producer
        .send(
            new ProducerRecord<>(
                application.labelsOf(0).topic(), 0, TestTopology.key("s"), new byte[1]))
        .get();
    assertThat(state(id)).isEqualTo(TransactionState.ONGOING);
    return producer;
  }

  private TransactionState state(String id) throws Exception {
    return listed().stream()
        .filter(transaction -> transaction.transactionalId().equals(id))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private Collection<TransactionListing> listed() throws Exception {
    return admin.listTransactions().all().get();
  }
}

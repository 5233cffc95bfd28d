package io.gatestream.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.RangeReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranges against topics of a real broker. */
@Tag("process")
@Timeout(180)
class PlannerTest {
  private static final long T0 = Instant.parse("2026-01-01T09:00:00Z").toEpochMilli();
  private static final Map<String, String> ANY_TIME =
      Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE), "retention.ms", "-1");

  @TempDir static Path folder;

  private static EmbeddedBroker broker;
  private static Brokers brokers;
  private static RangeReader reader;

  private final List<String> notes = new ArrayList<>();

  @BeforeAll
  static void open() {
    broker = EmbeddedBroker.start(0, folder.resolve("broker"));
    KafkaAccess access = KafkaAccess.of(broker.bootstrapServers());
    brokers = new Brokers(access);
    reader = RangeReader.committed(access);
  }

  @AfterAll
  static void close() {
    reader.close();
    brokers.close();
    broker.close();
  }

  private Map<Integer, ReplayPlan.Span> plan(String topic, ReplayRange range) {
    ReplayListener listener =
        new ReplayListener() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    return new Planner(topic, brokers, reader, listener).plan(range);
  }

  private static ReplayRange from(long second) {
    return new ReplayRange(
        Optional.of(Instant.ofEpochMilli(T0).plusSeconds(second)),
        Optional.empty(),
        Duration.ZERO,
        Map.of(),
        "*");
  }

  private static ReplayRange offsets(String text) {
    return new ReplayRange(
        Optional.empty(), Optional.empty(), Duration.ZERO, OffsetSpan.parse(text), "*");
  }

  private static void send(String topic, int partition, long... seconds) {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (long second : seconds) {
        send(producer, topic, partition, second);
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the test reads what was sent
  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, int partition, long second) {
    producer.send(
        new ProducerRecord<>(topic, partition, T0 + second * 1_000, new byte[] {1}, new byte[9]));
    producer.flush();
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> settings = new java.util.HashMap<>(more);
    settings.put("bootstrap.servers", broker.bootstrapServers());
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static ReplayPlan.Span span(long start, long end) {
    return new ReplayPlan.Span(start, end);
  }

  @Test
  void aTimeRangeBeginsWithTheFirstRecordThatIsNotBeforeIt() {
    brokers.topics().create("times", 3, 1, ANY_TIME);
    // streams of one partition are not in the order of their times
    send("times", 0, 0, 5, 1, 6, 2, 7);
    send("times", 1, 1, 2, 3);

    assertThat(plan("times", from(5)))
        .isEqualTo(Map.of(0, span(1, 6), 1, span(3, 3), 2, span(0, 0)));
    assertThat(plan("times", ReplayRange.ALL))
        .isEqualTo(Map.of(0, span(0, 6), 1, span(0, 3), 2, span(0, 0)));
    assertThat(notes).isEmpty();
    assertThatThrownBy(() -> plan("times", from(8)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no frames in the range")
        .hasMessageContaining("partition 1 holds offsets 0 to 3");
  }

  @Test
  void whatRetentionDeletedIsSaidAndTheRestReplayed() throws Exception {
    brokers.topics().create("cut", 1, 1, ANY_TIME);
    send("cut", 0, 0, 1, 2, 3);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .deleteRecords(Map.of(new TopicPartition("cut", 0), RecordsToDelete.beforeOffset(2)))
          .all()
          .get();
    }

    assertThat(plan("cut", from(1))).isEqualTo(Map.of(0, span(2, 4)));
    assertThat(notes).singleElement().asString().contains("retention", "offset 2");
    notes.clear();
    assertThat(plan("cut", from(3))).isEqualTo(Map.of(0, span(3, 4)));
    assertThat(notes).isEmpty();
    assertThat(plan("cut", offsets("0:1-99"))).isEqualTo(Map.of(0, span(2, 4)));
    assertThat(notes).hasSize(2).anySatisfy(note -> assertThat(note).contains("ends at offset 4"));
    assertThatThrownBy(() -> plan("cut", offsets("7:0-1")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("partition 7");
  }

  @Test
  void abortedTransactionsAreNothingAndOpenOnesAreLeftOut() {
    brokers.topics().create("transactions", 2, 1, ANY_TIME);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "t"))) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "transactions", 0, 0);
      producer.abortTransaction();
      brokers
          .calls()
          .await(
              "the marker",
              () ->
                  brokers
                      .topics()
                      .stableEnds("transactions")
                      .equals(brokers.topics().ends("transactions")));
      assertThatThrownBy(() -> plan("transactions", ReplayRange.ALL))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("it is empty");

      send("transactions", 1, 1);
      producer.beginTransaction();
      send(producer, "transactions", 1, 2);
      assertThat(plan("transactions", ReplayRange.ALL))
          .isEqualTo(Map.of(0, span(0, 2), 1, span(0, 1)));
      assertThat(notes).singleElement().asString().contains("open transactions", "[1]");
      producer.abortTransaction();
    }
  }

  @Test
  void compactedTopicsAreSaidAndBrokersTimesRefused() {
    brokers.topics().create("compacted", 1, 1, Map.of("cleanup.policy", "compact"));
    send("compacted", 0, 0);
    assertThat(plan("compacted", ReplayRange.ALL)).isEqualTo(Map.of(0, span(0, 1)));
    assertThat(notes).singleElement().asString().contains("compacted");

    brokers.topics().create("appended", 1, 1, Map.of("message.timestamp.type", "LogAppendTime"));
    send("appended", 0, 0);
    assertThatThrownBy(() -> plan("appended", from(0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--offsets");
    assertThat(plan("appended", ReplayRange.ALL)).isEqualTo(Map.of(0, span(0, 1)));
  }

  @Test
  void aPlanIsKeptByTheBrokersUntilItsGroupIsDeleted() {
    brokers.topics().create("kept", 2, 1, ANY_TIME);
    PlanStore store = new PlanStore(brokers, "keeper", "kept");
    assertThat(store.load()).isEmpty();
    ReplayPlan plan =
        new ReplayPlan(
            ReplayPlan.shortened("a spec \"ü\" ".repeat(500)),
            "settings",
            "id",
            List.of("out", "out-rejected"),
            Map.of(0, span(1, 5), 1, span(0, 0)),
            ReplayPlan.Stage.LABELLING);
    store.save(plan);
    assertThat(store.load()).contains(plan);
    store.save(plan.asFinished());
    assertThat(store.load()).contains(plan.asFinished());
    brokers.groups().delete("keeper");
    brokers.groups().delete("keeper-range");
    assertThat(store.load()).isEmpty();
    assertThat(brokers.groups().members("keeper")).isEmpty();
  }

  @Test
  void aGroupIsDoneWhereOnlyMarkersAreLeft() {
    brokers.topics().create("markers", 1, 1, ANY_TIME);
    send("markers", 0, 0);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "m"))) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "markers", 0, 1);
      producer.abortTransaction();
    }
    ReplayPlan plan =
        new ReplayPlan("", "", "", List.of(), Map.of(0, span(0, 3)), ReplayPlan.Stage.LABELLING);
    GroupPosition position = new GroupPosition(brokers, reader, "marked", "markers", plan);
    assertThat(position.isComplete()).isFalse();
    position.begin();
    assertThat(position.isComplete()).isTrue();
    position.probe();
    assertThat(position.isDone()).isFalse();
    assertThat(position.done()).isZero();
    brokers
        .groups()
        .commit(
            "marked",
            Map.of(
                new TopicPartition("markers", 0),
                new org.apache.kafka.clients.consumer.OffsetAndMetadata(1)));
    position.refresh();
    assertThat(position.isDone()).isFalse();
    position.probe();
    assertThat(position.isDone()).isTrue();
    assertThat(position.done()).isEqualTo(3);
  }
}

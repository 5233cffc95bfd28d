package io.gatestream.stream.topics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.model.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics that somebody made, and a group that somebody is in, as a real broker tells of them. */
@Tag("process")
@Timeout(120)
class TopicSettingsTest {
  private static final String AFTER = "message.timestamp.after.max.ms";
  private static final String NONE = Long.toString(Long.MAX_VALUE);
  private static final String CHANGELOG = "gatestream-streams-changelog";
  private static final int STATE_BYTES = 2_000_000;

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static Admin admin;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(0, folder);
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    create("frames", Map.of(AFTER, NONE));
    create("labels", Map.of(AFTER, NONE));
    create("frames-rejected", Map.of(AFTER, NONE));
  }

  @AfterAll
  static void stop() {
    admin.close();
    broker.close();
  }

  private static RunConfig config(String... namesAndValues) {
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "model",
                "bundle",
                "events",
                "false"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      flags.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
  }

  private static void check(String... namesAndValues) {
    new TopicChecks(config(namesAndValues), STATE_BYTES).run();
  }

  private static void create(String topic, Map<String, String> settings) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings))).all().get();
    while (!admin.listTopics().names().get().contains(topic)) {
      Thread.sleep(10);
    }
  }

  private static Map<String, String> settings(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config found =
        requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource));
    Map<String, String> settings = new HashMap<>();
    found.entries().forEach(entry -> settings.put(entry.name(), entry.value()));
    return settings;
  }

  /** One frame two hours ahead ended the application before. */
  @Test
  void aTopicWithKafkasTimeLimitIsRefusedWithTheCommandThatMendsIt() throws Exception {
    create("limited", Map.of());
    for (String setting : List.of("labels.topic", "rejected.topic")) {
      assertThatThrownBy(() -> check(setting, "limited"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(AFTER + "=3600000")
          .hasMessageContaining(
              "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name limited --add-config %s=%s"
                  .formatted(broker.bootstrapServers(), AFTER, NONE));
    }
    create("old-refused", Map.of(AFTER, NONE, "message.timestamp.before.max.ms", "86400000"));
    assertThatThrownBy(() -> check("labels.topic", "old-refused"))
        .hasMessageContaining("--add-config message.timestamp.before.max.ms=" + NONE);
  }

  /** Kafka looks at no limit there: a record far ahead is taken. */
  @Test
  void aTopicThatTheBrokerStampsIsTaken() throws Exception {
    create(
        "stamped",
        Map.of(
            "message.timestamp.type", "LogAppendTime", "message.timestamp.before.max.ms", "1000"));
    long ahead = System.currentTimeMillis() + Duration.ofDays(400).toMillis();
    send("stamped", ahead);
    send("stamped", 1);
    try (CapturedLog log = CapturedLog.of(OutputTopics.class)) {
      check("labels.topic", "stamped");
      check("rejected.topic", "stamped");
      assertThat(log.lines()).isEmpty();
    }
  }

  private static void send(String topic, long time) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, time, null, new byte[1])).get();
    }
  }

  @Test
  void aCompactedTopicLosesLabelsAndRefusesBadRecords() throws Exception {
    create("compacted", Map.of(AFTER, NONE, "cleanup.policy", "compact"));
    try (CapturedLog log = CapturedLog.of(OutputTopics.class)) {
      check("labels.topic", "compacted");
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("compacted is compacted", "cleanup.policy=delete");
    }
    assertThatThrownBy(() -> check("rejected.topic", "compacted"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("without a key")
        .hasMessageContaining("--entity-name compacted --add-config cleanup.policy=delete");
  }

  @Test
  void labelsThatAreDeletedAtOnceAreSaid() throws Exception {
    create("brief", Map.of(AFTER, NONE, "retention.ms", "60000"));
    try (CapturedLog log = CapturedLog.of(OutputTopics.class)) {
      check("labels.topic", "brief");
      assertThat(log.lines()).singleElement().asString().contains("60 s after", "brief");
    }
    create("week", Map.of(AFTER, NONE, "retention.ms", "604800000"));
    create("recorded", Map.of(AFTER, NONE, "retention.ms", "-1"));
    String[] recorded = {
      "frames.topic", "recorded", "labels.topic", "week", "application.id", "of-recorded"
    };
    try (CapturedLog log = CapturedLog.of(LabelRetention.class)) {
      send("recorded", System.currentTimeMillis());
      check(recorded);
      assertThat(log.lines()).as("frames of today").isEmpty();
    }
    create("older", Map.of(AFTER, NONE, "retention.ms", "-1"));
    send("older", 1_000_000_000_000L);
    send("older", System.currentTimeMillis());
    recorded[1] = "older";
    try (CapturedLog log = CapturedLog.of(LabelRetention.class)) {
      check(recorded);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("168 hours", "older", "--entity-name week --add-config retention.ms=-1");
    }
  }

  /** Its records are young, and the start is at the last stable offset. */
  @Test
  void aTransactionThatIsOpenHoldsNoOldFrames() throws Exception {
    create("brief-week", Map.of(AFTER, NONE, "retention.ms", "604800000"));
    create("open", Map.of(AFTER, NONE, "retention.ms", "-1"));
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "t"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        CapturedLog log = CapturedLog.of(LabelRetention.class)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer
          .send(new ProducerRecord<>("open", 0, System.currentTimeMillis(), null, new byte[1]))
          .get();
      check("frames.topic", "open", "labels.topic", "brief-week", "application.id", "of-open");
      assertThat(log.lines()).isEmpty();
      producer.abortTransaction();
    }
  }

  @Test
  void whatMayNotBeReadIsSaidWithTheCommand() {
    try (CapturedLog log = CapturedLog.of(OutputTopics.class)) {
      assertThat(new OutputTopics(config(), 0).problems("labels", Optional.empty())).isEmpty();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("may not read", "--entity-name labels --add-config " + AFTER);
    }
  }

  @Test
  void anExistingChangelogIsGivenWhatItLacksAndKeepsWhatSomebodyChose() throws Exception {
    create(
        CHANGELOG,
        Map.of(
            "cleanup.policy", "delete", "max.message.bytes", "100000", "delete.retention.ms", "7"));
    check();
    assertThat(settings(CHANGELOG))
        .containsEntry("cleanup.policy", "compact")
        .containsEntry("max.message.bytes", "2000000")
        .containsEntry(AFTER, NONE)
        .containsEntry("segment.bytes", "8000000")
        .containsEntry("min.cleanable.dirty.ratio", "0.2")
        .containsEntry("delete.retention.ms", "7");
    try (CapturedLog log = CapturedLog.of(ChangelogTopic.class)) {
      check();
      assertThat(log.lines()).as("nothing is left to set").isEmpty();
    }
  }

  @Test
  void aMemberOfAnotherProgramIsNamed() throws Exception {
    try (KafkaConsumer<byte[], byte[]> other =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                "shared",
                "client.id",
                "someone"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      other.subscribe(List.of("frames"));
      while (other.assignment().isEmpty()) {
        other.poll(Duration.ofMillis(50));
      }
      assertThatThrownBy(() -> check("application.id", "shared"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("the group 'shared' has members that are no instances")
          .hasMessageContaining("someone at");
    }
    check("application.id", "shared");
  }
}

package io.gatestream.stream.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.model.CapturedLog;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.AlterConfigPolicy;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(60)
class TopicChecksTest {
  private static final int STATE_BYTES = 70_000;
  private static final String CHANGELOG = "gatestream-streams-changelog";

  @TempDir Path folder;

  private static RunConfig config(EmbeddedBroker broker, String... namesAndValues) {
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

  private static TopicChecks checks(RunConfig config) {
    return new TopicChecks(config, STATE_BYTES);
  }

  @Test
  void topicsAreCheckedCreatedAndMeasured() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertThatThrownBy(() -> checks(config(broker)).run())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("'frames' is not there")
          .hasMessageContaining("'frames-rejected' is not there");
      assertThat(checks(config(broker, "create.topics", "true", "partitions", "2")).run())
          .isEqualTo(16_777_216);
      NewTopic small =
          new NewTopic("small", Optional.of(2), Optional.empty())
              .configs(
                  Map.of(
                      "max.message.bytes",
                      "50000",
                      "message.timestamp.after.max.ms",
                      Long.toString(Long.MAX_VALUE)));
      create(admin, small);
      assertThat(checks(config(broker, "rejected.topic", "small")).run())
          .as("what the rejected topic takes")
          .isEqualTo(50_000);
      assertThat(partitions(admin)).isEqualTo(2);
      assertThat(settings(admin))
          .containsEntry("cleanup.policy", "compact")
          .containsEntry("segment.bytes", Integer.toString(4 << 20))
          .containsEntry("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
      admin.createPartitions(Map.of(CHANGELOG, NewPartitions.increaseTo(3))).all().get();
      while (partitions(admin) < 3) {
        Thread.sleep(10);
      }
      assertThatThrownBy(() -> checks(config(broker)).run())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("'frames' has 2 partitions and the changelog");
    }
  }

  /** As services do, which let nobody choose the size of segments. */
  @Test
  void aChangelogIsMadeWithoutTheSettingsThatBrokersRefuse() throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(
                0,
                folder,
                Map.of(
                    "create.topic.policy.class.name", NoSmallSegments.class.getName(),
                    "alter.config.policy.class.name", NoSmallSegments.class.getName(),
                    "log.message.timestamp.type", "LogAppendTime"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      checks(config(broker, "create.topics", "true", "kafka.topic.retention.ms", "77")).run();
      assertThat(settings(admin))
          .containsEntry("cleanup.policy", "compact")
          .containsEntry("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE))
          .containsEntry("message.timestamp.type", "CreateTime")
          .containsEntry("retention.ms", "77")
          .doesNotContainEntry("segment.bytes", Integer.toString(4 << 20));
    }
  }

  @Test
  void aChangelogIsGivenWhatItNeedsWhereBrokersRefuseTheRest() throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(
                0,
                folder,
                Map.of("alter.config.policy.class.name", NoSmallSegments.class.getName()));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        CapturedLog log = CapturedLog.of(ChangelogTopic.class)) {
      create(
          admin,
          new NewTopic(CHANGELOG, Optional.of(1), Optional.empty())
              .configs(Map.of("cleanup.policy", "delete")));
      checks(config(broker, "create.topics", "true", "partitions", "1")).run();
      assertThat(settings(admin))
          .containsEntry("cleanup.policy", "compact")
          .containsEntry("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE))
          .doesNotContainEntry("segment.bytes", Integer.toString(4 << 20));
      assertThat(log.lines())
          .filteredOn(line -> line.contains("a recovery reads more"))
          .singleElement()
          .asString()
          .contains("the brokers refuse", "segment.bytes=")
          .doesNotContain("this user", "cleanup.policy=");
    }
  }

  /** Refuses a changelog with a size of segments of its own. */
  public static final class NoSmallSegments implements CreateTopicPolicy, AlterConfigPolicy {
    @Override
    public void validate(CreateTopicPolicy.RequestMetadata topic) {
      refuse(topic.topic(), topic.configs());
    }

    @Override
    public void validate(AlterConfigPolicy.RequestMetadata changed) {
      refuse(changed.resource().name(), changed.configs());
    }

    private static void refuse(String topic, Map<String, String> settings) {
      if (topic.equals(CHANGELOG) && settings.containsKey("segment.bytes")) {
        throw new PolicyViolationException("segment.bytes may not be chosen");
      }
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
  }

  private static int partitions(Admin admin) throws Exception {
    return admin
        .describeTopics(List.of(CHANGELOG))
        .topicNameValues()
        .values()
        .iterator()
        .next()
        .get()
        .partitions()
        .size();
  }

  private static Map<String, String> settings(Admin admin) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, CHANGELOG);
    Map<String, String> settings = new HashMap<>();
    admin
        .describeConfigs(List.of(topic))
        .values()
        .values()
        .iterator()
        .next()
        .get()
        .entries()
        .forEach(entry -> settings.put(entry.name(), entry.value()));
    return settings;
  }

  /** Brokers may say that a topic is made before they show it to others. */
  private static void create(Admin admin, NewTopic topic) throws Exception {
    admin.createTopics(List.of(topic)).all().get();
    while (!admin.listTopics().names().get().contains(topic.name())) {
      Thread.sleep(10);
    }
  }
}

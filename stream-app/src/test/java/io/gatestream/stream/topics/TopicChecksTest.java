package io.gatestream.stream.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(60)
class TopicChecksTest {
  private static final int STATE_BYTES = 70_000;

  @TempDir Path folder;

  private static RunConfig config(EmbeddedBroker broker, String... namesAndValues) {
    Map<String, String> flags =
        new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers(), "model", "bundle"));
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
      NewTopic states =
          new NewTopic("gatestream-streams-changelog", Optional.of(3), Optional.empty());
      create(admin, small);
      assertThat(checks(config(broker, "rejected.topic", "small")).run())
          .as("what the rejected topic takes")
          .isEqualTo(50_000);
      create(admin, states);
      assertThatThrownBy(() -> checks(config(broker)).run())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("'frames' has 2 partitions and the changelog");
    }
  }

  /** Brokers may say that a topic is made before they show it to others. */
  private static void create(Admin admin, NewTopic topic) throws Exception {
    admin.createTopics(List.of(topic)).all().get();
    while (!admin.listTopics().names().get().contains(topic.name())) {
      Thread.sleep(10);
    }
  }
}

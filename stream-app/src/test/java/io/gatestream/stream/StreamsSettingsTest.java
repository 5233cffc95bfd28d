package io.gatestream.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.RunConfig;
import io.gatestream.config.StreamsKeys;
import io.gatestream.errors.ConfigException;
import io.gatestream.lookahead.LagReporter;
import io.gatestream.lookahead.LookaheadInterceptor;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.lookahead.RecordIntake;
import io.gatestream.stream.passes.PassLimits;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {
  private static final String INTERCEPTORS = "main.consumer.interceptor.classes";

  private static final RecordIntake INTAKE =
      new RecordIntake() {
        @Override
        public void offer(ConsumerRecords<byte[], byte[]> polled) {}

        @Override
        public void leave() {}
      };

  private static final PartitionLags LAGS = new PartitionLags();

  private static RunConfig config(String... namesAndValues) {
    Map<String, String> flags =
        new HashMap<>(Map.of("bootstrap.servers", "localhost:1", "model", "bundle"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      flags.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return RunConfig.from(ConfigLoader.load(Optional.empty(), Map.of(), flags), Optional.empty());
  }

  private static Map<String, Object> settings(String... namesAndValues) {
    return StreamsSettings.of(
        config(namesAndValues),
        Path.of("state", "0"),
        PassLimits.of(config(namesAndValues), OptionalInt.empty()),
        INTAKE,
        LAGS);
  }

  @Test
  void theDefaultsAreExactlyOnceWithTheLookahead() {
    Map<String, Object> settings = settings();
    StreamsConfig streams = new StreamsConfig(settings);
    assertThat(streams.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
    assertThat(streams.getString("state.dir")).isEqualTo(Path.of("state", "0").toString());
    Map<String, Object> consumer = streams.getMainConsumerConfigs("g", "c", 0);
    assertThat(consumer)
        .containsEntry(LookaheadInterceptor.INTAKE, INTAKE)
        .containsEntry("interceptor.classes", LookaheadInterceptor.class.getName())
        .containsEntry("max.poll.records", 128)
        .containsEntry("isolation.level", "read_committed");
    assertThat(streams.getRestoreConsumerConfigs("r"))
        .doesNotContainKeys("interceptor.classes", LookaheadInterceptor.INTAKE);
    assertThat(streams.getProducerConfigs("p"))
        .containsEntry("max.request.size", 16_777_216)
        .containsEntry("compression.type", "none");
  }

  @Test
  void theSessionOfADeadInstanceIsTenSecondsUnlessGiven() {
    assertThat(session()).isEqualTo(10_000);
    assertThat(settings()).containsEntry("heartbeat.interval.ms", 500);
    assertThat(session("kafka.session.timeout.ms", "7000")).isEqualTo(7_000);
    assertThat(session("kafka.consumer.session.timeout.ms", "8000")).isEqualTo(8_000);
    assertThat(session("kafka.main.consumer.session.timeout.ms", "9000")).isEqualTo(9_000);
    assertThat(settings("kafka.group.protocol", "streams"))
        .as("the brokers' own, which a client may not set")
        .doesNotContainKeys("session.timeout.ms", "heartbeat.interval.ms");
  }

  @Test
  void aPassMayBeLongAndAPollIsNot() {
    StreamsConfig streams = new StreamsConfig(settings());
    assertThat(streams.getProducerConfigs("p")).containsEntry("transaction.timeout.ms", 600_000);
    assertThat(streams.getMainConsumerConfigs("g", "c", 0))
        .as("what Kafka Streams goes by; its consumer gets the longer one")
        .containsEntry("max.poll.interval.ms", 10_000);
    assertThat(
            new StreamsConfig(settings("kafka.group.protocol", "streams"))
                .getMainConsumerConfigs("g", "c", 0))
        .containsEntry("max.poll.interval.ms", 900_000);
    assertThat(
            new StreamsConfig(
                    settings(
                        "kafka.transaction.timeout.ms", "9000",
                        "kafka.max.poll.interval.ms", "12000"))
                .getProducerConfigs("p"))
        .containsEntry("transaction.timeout.ms", 9_000);
  }

  /** A start takes longer than the session of the others. */
  @Test
  void theSessionOfAStaticMemberOutlivesARestartUnlessGiven() {
    assertThat(session("kafka.group.instance.id", "a")).isEqualTo(45_000);
    assertThat(session("kafka.group.instance.id", "a", "kafka.session.timeout.ms", "7000"))
        .isEqualTo(7_000);
    assertThat(
            new StreamsConfig(settings("kafka.group.instance.id", "a"))
                .getMainConsumerConfigs("g", "c", 3))
        .as("each stream thread is a member")
        .containsEntry("group.instance.id", "a-3");
  }

  @Test
  void whatOnlyKafkaStreamsKnowsIsListed() {
    Set<String> only = new TreeSet<>(StreamsConfig.configDef().names());
    only.removeAll(ConsumerConfig.configNames());
    only.removeAll(ProducerConfig.configNames());
    only.removeAll(AdminClientConfig.configNames());
    assertThat(StreamsKeys.ALL).containsExactlyInAnyOrderElementsOf(only);
  }

  private static int session(String... namesAndValues) {
    Map<String, Object> settings =
        new StreamsConfig(settings(namesAndValues)).getMainConsumerConfigs("g", "c", 0);
    return Integer.parseInt(requireNonNull(settings.get("session.timeout.ms")).toString());
  }

  @Test
  void theUsersInterceptorsComeAfterTheLookahead() {
    String own = LookaheadInterceptor.class.getName();
    for (String prefix : List.of("main.consumer.", "consumer.", "")) {
      assertThat(settings("kafka." + prefix + "interceptor.classes", "a.B,c.D"))
          .containsEntry(INTERCEPTORS, own + ",a.B,c.D");
    }
    assertThat(
            settings(
                "kafka.consumer.interceptor.classes", "a.B",
                "kafka.main.consumer.interceptor.classes", "c.D"))
        .as("the narrower prefix wins, as in Kafka Streams")
        .containsEntry(INTERCEPTORS, own + ",c.D");
  }

  @Test
  void consumersTellTheirLagsOnlyWhereOverloadAsks() {
    String reporters = "main.consumer.metric.reporters";
    String own = LagReporter.class.getName();
    String jmx = "org.apache.kafka.common.metrics.JmxReporter";
    assertThat(settings()).doesNotContainKeys(reporters, "main.consumer." + LagReporter.LAGS);
    assertThat(settings("overload", "latest"))
        .containsEntry("main.consumer." + LagReporter.LAGS, LAGS)
        .containsEntry(reporters, own + "," + jmx);
    assertThat(settings("overload", "latest", "kafka.metric.reporters", "a.B"))
        .containsEntry(reporters, own + ",a.B");
  }

  @Test
  void theUsersProducerSettingsPass() {
    StreamsConfig streams =
        new StreamsConfig(
            settings(
                "kafka.producer.compression.type", "zstd",
                "kafka.producer.max.request.size", "2000000",
                "kafka.producer.linger.ms", "7",
                "kafka.security.protocol", "SSL"));
    assertThat(streams.getProducerConfigs("p"))
        .containsEntry("compression.type", "zstd")
        .containsEntry("max.request.size", "2000000")
        .containsEntry("linger.ms", "7")
        .containsEntry("security.protocol", "SSL");
  }

  @Test
  void reservedSettingsAreRefusedUnderEveryPrefix() {
    for (String key :
        List.of("state.dir", "consumer.isolation.level", "main.consumer.max.poll.records")) {
      assertThatThrownBy(() -> config("kafka." + key, "1"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("kafka." + key + " is set by Gatestream itself");
    }
  }
}

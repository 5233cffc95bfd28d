package io.gatestream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {
  private static final String SERVERS = "127.0.0.1:1";

  private static KafkaAccess access(Map<String, String> user) {
    return new KafkaAccess(SERVERS, user, Duration.ofSeconds(1));
  }

  @Test
  void aBareSettingGoesToTheClientsThatKnowIt() {
    KafkaAccess access =
        access(
            Map.of(
                "security.protocol", "SSL",
                "fetch.min.bytes", "7",
                "acks", "all",
                "custom.login.url", "x"));
    assertThat(access.consumer())
        .containsEntry("bootstrap.servers", SERVERS)
        .containsEntry("security.protocol", "SSL")
        .containsEntry("fetch.min.bytes", "7")
        .containsEntry("custom.login.url", "x")
        .doesNotContainKey("acks");
    assertThat(access.producer())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("acks", "all")
        .containsEntry("custom.login.url", "x")
        .doesNotContainKey("fetch.min.bytes");
    assertThat(access.admin())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("custom.login.url", "x")
        .doesNotContainKeys("acks", "fetch.min.bytes");
  }

  @Test
  void aPrefixedSettingGoesToItsKindOnlyAndWins() {
    KafkaAccess access =
        access(
            Map.of(
                "request.timeout.ms", "1",
                "consumer.request.timeout.ms", "2",
                "main.consumer.request.timeout.ms", "3",
                "restore.consumer.request.timeout.ms", "4",
                "global.consumer.request.timeout.ms", "5",
                "admin.request.timeout.ms", "6",
                "producer.custom.interceptor.key", "7"));
    assertThat(access.consumer())
        .isEqualTo(Map.of("bootstrap.servers", SERVERS, "request.timeout.ms", "2"));
    assertThat(access.producer())
        .isEqualTo(
            Map.of(
                "bootstrap.servers",
                SERVERS,
                "request.timeout.ms",
                "1",
                "custom.interceptor.key",
                "7"));
    assertThat(access.admin())
        .isEqualTo(Map.of("bootstrap.servers", SERVERS, "request.timeout.ms", "6"));
  }

  /** With each of these a plain consumer was refused, or joined what it must not join. */
  @Test
  void whatIsKafkaStreamsOrAMembersGoesToNoPlainClient() {
    Map<String, String> user = new HashMap<>();
    StreamsKeys.ALL.forEach(key -> user.put(key, "streams"));
    for (String key :
        new String[] {
          "group.protocol",
          "consumer.group.protocol",
          "group.id",
          "group.instance.id",
          "consumer.group.instance.id",
          "session.timeout.ms",
          "heartbeat.interval.ms",
          "max.poll.interval.ms",
          "partition.assignment.strategy",
          "group.remote.assignor",
          "topic.segment.bytes"
        }) {
      user.put(key, "streams");
    }
    Map<String, Object> nothing = Map.of("bootstrap.servers", SERVERS);
    KafkaAccess access = access(user);
    assertThat(access.consumer()).isEqualTo(nothing);
    assertThat(access.producer()).isEqualTo(nothing);
    assertThat(access.admin()).isEqualTo(nothing);
  }

  @Test
  void clientsOpenWithTheSettingsOfAnApplicationInAnyProtocol() {
    for (String protocol : new String[] {"streams", "classic"}) {
      KafkaAccess access =
          access(
              Map.of(
                  "group.protocol", protocol,
                  "group.instance.id", "one",
                  "session.timeout.ms", "7000",
                  "task.timeout.ms", "60000"));
      ByteArrayDeserializer in = new ByteArrayDeserializer();
      ByteArraySerializer out = new ByteArraySerializer();
      try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(access.consumer(), in, in);
          KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(access.producer(), out, out);
          Admin admin = Admin.create(access.admin())) {
        assertThat(consumer.subscription()).isEmpty();
        assertThat(producer.metrics()).isNotEmpty();
        assertThat(admin.metrics()).isNotEmpty();
      }
    }
  }
}

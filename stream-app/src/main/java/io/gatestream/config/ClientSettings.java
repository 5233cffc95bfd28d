package io.gatestream.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Which of a user's {@code kafka.*} settings a plain client is given: a consumer without a group, a
 * producer or an admin client beside Kafka Streams, which sorts its own. {@code consumer.X}, {@code
 * producer.X} and {@code admin.X} go to clients of that kind and win over {@code X}; {@code
 * main.consumer.X}, {@code restore.consumer.X} and {@code global.consumer.X} are for consumers of
 * Kafka Streams. A bare setting goes to every client that knows it, and to all where nobody knows
 * it, as a login module's own. What only Kafka Streams knows, and what is about being a member of a
 * group, goes to no plain client: the values need not be such that it takes them.
 */
enum ClientSettings {
  CONSUMER("consumer."),
  PRODUCER("producer."),
  ADMIN("admin.");

  /** Of members of a group. */
  private static final Set<String> MEMBERSHIP =
      Set.of(
          "group.id",
          "group.instance.id",
          "group.protocol",
          "group.remote.assignor",
          "session.timeout.ms",
          "heartbeat.interval.ms",
          "max.poll.interval.ms",
          "partition.assignment.strategy",
          "internal.leave.group.on.close");

  private static final Set<String> STREAMS_PREFIXES =
      Set.of("main.consumer.", "restore.consumer.", "global.consumer.", "topic.");

  private final String prefix;

  ClientSettings(String prefix) {
    this.prefix = prefix;
  }

  private boolean knows(String bare) {
    return switch (this) {
      case CONSUMER -> ConsumerConfig.configNames().contains(bare);
      case PRODUCER -> ProducerConfig.configNames().contains(bare);
      case ADMIN -> AdminClientConfig.configNames().contains(bare);
    };
  }

  /** A fresh map of what this kind of client is given, without prefixes. */
  Map<String, Object> of(Map<String, String> user) {
    Map<String, Object> given = new HashMap<>();
    user.forEach(
        (key, value) -> {
          if (isFor(key)) {
            given.put(key, value);
          }
        });
    user.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            given.put(key.substring(prefix.length()), value);
          }
        });
    given.keySet().removeAll(MEMBERSHIP);
    return given;
  }

  private boolean isFor(String bare) {
    return knows(bare) || (!isOfAnother(bare) && !hasPrefix(bare));
  }

  private static boolean isOfAnother(String bare) {
    if (StreamsKeys.ALL.contains(bare)) {
      return true;
    }
    for (ClientSettings kind : values()) {
      if (kind.knows(bare)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasPrefix(String key) {
    for (ClientSettings kind : values()) {
      if (key.startsWith(kind.prefix)) {
        return true;
      }
    }
    return STREAMS_PREFIXES.stream().anyMatch(key::startsWith);
  }
}

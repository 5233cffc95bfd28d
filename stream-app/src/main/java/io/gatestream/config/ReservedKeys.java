package io.gatestream.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Client settings that Gatestream owns. Given as {@code kafka.*} they are refused by name, with the
 * setting to use instead.
 */
final class ReservedKeys {
  private static final Set<String> RESERVED =
      Set.of(
          "application.id",
          "application.server",
          "bootstrap.servers",
          "group.id",
          "client.id",
          "processing.guarantee",
          "num.stream.threads",
          "state.dir",
          "commit.interval.ms",
          "statestore.cache.max.bytes",
          "cache.max.bytes.buffering",
          "rocksdb.config.setter",
          "topology.optimization",
          "default.key.serde",
          "default.value.serde",
          "default.timestamp.extractor",
          "deserialization.exception.handler",
          "default.deserialization.exception.handler",
          "production.exception.handler",
          "default.production.exception.handler",
          "processing.exception.handler",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "enable.auto.commit",
          "enable.idempotence",
          "isolation.level",
          "transactional.id",
          "auto.offset.reset",
          "max.poll.records",
          "max.partition.fetch.bytes",
          "fetch.max.bytes",
          "buffered.records.per.partition",
          "partitioner.class",
          "num.standby.replicas",
          "replication.factor");

  private static final List<String> PREFIXES =
      List.of(
          "main.consumer.",
          "restore.consumer.",
          "global.consumer.",
          "consumer.",
          "producer.",
          "admin.");

  private ReservedKeys() {}

  /** Makes a problem of each reserved key. */
  static void refuse(Settings settings) {
    for (String key : new TreeSet<>(settings.kafka().keySet())) {
      String bare =
          PREFIXES.stream()
              .filter(key::startsWith)
              .findFirst()
              .map(prefix -> key.substring(prefix.length()))
              .orElse(key);
      if (RESERVED.contains(bare)) {
        settings.problem(
            "kafka.%s is set by Gatestream itself: remove it%s".formatted(key, insteadOf(bare)));
      }
    }
  }

  private static String insteadOf(String key) {
    return switch (key) {
      case "application.id", "group.id" -> " and use application.id";
      case "application.server" -> " and use http.advertised";
      case "processing.guarantee" -> ": it is always exactly-once";
      case "num.stream.threads" -> " and use stream.threads";
      case "commit.interval.ms" -> " and use commit.interval.millis";
      case "auto.offset.reset" -> " and use start";
      case "fetch.max.bytes" -> " and use fetch.bytes";
      case "max.partition.fetch.bytes" -> " and use partition.fetch.bytes";
      case "num.standby.replicas" -> " and use standby.replicas";
      case "bootstrap.servers",
          "state.dir",
          "max.poll.records",
          "buffered.records.per.partition",
          "replication.factor" ->
          " and use " + key;
      default -> "";
    };
  }
}

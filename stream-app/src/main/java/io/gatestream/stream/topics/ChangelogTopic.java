package io.gatestream.stream.topics;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.TopicAdmin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of the changelog. A recovery reads what the broker's log cleaner has left, and the
 * cleaner never touches the segment that is being written: with Kafka's 1 GiB a recovery reads up
 * to 1 GiB a partition, however small the states are.
 */
public final class ChangelogTopic {
  private static final Logger log = LoggerFactory.getLogger(ChangelogTopic.class);

  /** What is read at least, per partition; each segment is some files of the broker. */
  private static final int SEGMENT_BYTES = 4 << 20;

  /** A segment holds several of the largest states. */
  private static final int STATES_A_SEGMENT = 4;

  private static final int LARGEST_SEGMENT = 1 << 30;
  private static final int KAFKAS_LARGEST_MESSAGE = 1_048_588;

  private ChangelogTopic() {}

  /**
   * Settings of a changelog that is made.
   *
   * @param maxStateBytes of one state's record
   */
  public static Map<String, String> settings(int maxStateBytes) {
    Map<String, String> settings = new LinkedHashMap<>(required(maxStateBytes));
    settings.putAll(chosen(maxStateBytes));
    return settings;
  }

  /** Without these, states are lost or refused. */
  private static Map<String, String> required(int maxStateBytes) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_COMPACT,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(Math.max(KAFKAS_LARGEST_MESSAGE, maxStateBytes)),
        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
        Long.toString(Long.MAX_VALUE));
  }

  /** Bounds on what a recovery reads. */
  private static Map<String, String> chosen(int maxStateBytes) {
    long segment =
        Math.min(LARGEST_SEGMENT, Math.max(SEGMENT_BYTES, (long) STATES_A_SEGMENT * maxStateBytes));
    return Map.of(
        TopicConfig.SEGMENT_BYTES_CONFIG,
        Long.toString(segment),
        // what is not cleaned yet is at most a fourth of what is
        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
        "0.2",
        // each commit leaves a marker, which is kept as long: ten a second for a day by default
        TopicConfig.DELETE_RETENTION_MS_CONFIG,
        "600000");
  }

  /**
   * Makes the changelog if there is none. Kafka Streams would make it too, and would not say which
   * right is missing, nor do without a setting that the brokers refuse.
   *
   * @return whether this call made it
   */
  static boolean create(
      Brokers brokers, RunConfig config, String topic, int partitions, int maxStateBytes) {
    Map<String, String> settings = new HashMap<>();
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime"); // as Kafka Streams does
    config
        .kafka()
        .clientSettings()
        .forEach(
            (key, value) -> {
              if (key.startsWith(StreamsConfig.TOPIC_PREFIX)) {
                settings.put(key.substring(StreamsConfig.TOPIC_PREFIX.length()), value);
              }
            });
    settings.putAll(settings(maxStateBytes));
    int replicas = config.creation().replicationFactor();
    try {
      return brokers.topics().create(topic, partitions, replicas, settings);
    } catch (PolicyViolationException
        | InvalidConfigurationException
        | InvalidRequestException refused) {
      settings.keySet().removeAll(chosen(maxStateBytes).keySet());
      boolean made = brokers.topics().create(topic, partitions, replicas, settings);
      if (made) {
        log.warn(
            "topic {}: made without settings that the brokers refuse, so a recovery may read more than it has to ({})",
            topic,
            refused.getMessage());
      }
      return made;
    }
  }

  /**
   * Gives an existing changelog what it lacks. What somebody has set on this topic stays, unless
   * states would be lost or refused.
   *
   * @param settings empty where they may not be read
   * @throws ConfigException it would lose or refuse states, and the brokers refuse to change it
   */
  static void mend(
      Brokers brokers,
      RunConfig config,
      String topic,
      Optional<Config> settings,
      int maxStateBytes) {
    if (settings.isEmpty()) {
      log.warn(
          "topic {}: this user may neither read nor change its settings (AlterConfigs), so they stay as they are. See that it has those of {}",
          topic,
          AlterCommand.of(config.kafka(), topic, settings(maxStateBytes)));
      return;
    }
    Config found = settings.get();
    Map<String, String> needed = new TreeMap<>(narrow(found, maxStateBytes));
    needed.putAll(TimeLimits.tooNarrow(found, System.currentTimeMillis(), Long.MAX_VALUE));
    Map<String, String> wanted = new TreeMap<>(needed);
    chosen(maxStateBytes)
        .forEach(
            (name, value) -> {
              ConfigEntry entry = found.get(name);
              if (entry != null
                  && entry.source() != ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG
                  && !value.equals(entry.value())) {
                wanted.put(name, value);
              }
            });
    if (wanted.isEmpty()) {
      return;
    }
    try {
      alter(brokers, topic, wanted);
      log.info("topic {}: set {}", topic, wanted);
    } catch (ApiException e) {
      if (!needed.isEmpty()) {
        alterNeeded(brokers, config, topic, needed, e);
        wanted.keySet().removeAll(needed.keySet());
      }
      if (!wanted.isEmpty()) {
        log.warn(
            "topic {}: a recovery reads more than it has to, and {}: {}",
            topic,
            why(e),
            AlterCommand.of(config.kafka(), topic, wanted));
      }
    }
  }

  /** Sets what states need alone: the brokers may have refused the rest. */
  private static void alterNeeded(
      Brokers brokers,
      RunConfig config,
      String topic,
      Map<String, String> needed,
      ApiException before) {
    ApiException refused = before;
    if (!(before instanceof AuthorizationException)) {
      try {
        alter(brokers, topic, needed);
        log.info("topic {}: set {}", topic, needed);
        return;
      } catch (ApiException e) {
        refused = e;
      }
    }
    throw new ConfigException(
        "the changelog '%s' would lose or refuse states, and %s. Have somebody run: %s"
            .formatted(topic, why(refused), AlterCommand.of(config.kafka(), topic, needed)),
        refused);
  }

  private static String why(ApiException refused) {
    return refused instanceof AuthorizationException
        ? "this user may not change its settings (AlterConfigs is missing)"
        : "the brokers refuse to change its settings (%s)".formatted(refused.getMessage());
  }

  private static Map<String, String> narrow(Config found, int maxStateBytes) {
    Map<String, String> required = required(maxStateBytes);
    Map<String, String> narrow = new TreeMap<>();
    String policy = TopicConfig.CLEANUP_POLICY_CONFIG;
    if (!TopicAdmin.text(found, policy).equals(required.get(policy))) {
      narrow.put(policy, required.get(policy));
    }
    for (String bytes :
        List.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, TopicConfig.SEGMENT_BYTES_CONFIG)) {
      String value = TopicAdmin.text(found, bytes);
      if (!value.isEmpty() && Long.parseLong(value) < maxStateBytes) {
        narrow.put(bytes, settings(maxStateBytes).get(bytes));
      }
    }
    return narrow;
  }

  private static void alter(Brokers brokers, String topic, Map<String, String> settings) {
    List<AlterConfigOp> changes = new ArrayList<>();
    settings.forEach(
        (name, value) ->
            changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
    brokers
        .calls()
        .get(
            brokers
                .calls()
                .client()
                .incrementalAlterConfigs(
                    Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
                .all());
  }
}

package io.gatestream.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user's settings say of an instance's membership in its group: its protocol, whether it
 * is a static member, and what becomes of its membership at a clean close.
 */
public final class GroupMembership {
  private static final String INSTANCE_ID = "group.instance.id";
  private static final String PROTOCOL = "group.protocol";

  /** Of a consumer of Kafka Streams, the strongest first. */
  private static final List<String> PREFIXES = List.of("main.consumer.", "consumer.", "");

  private GroupMembership() {}

  /** The name by which a group knows an instance again after a restart. */
  public static Optional<String> instanceId(Map<String, String> clientSettings) {
    return mainConsumer(clientSettings, INSTANCE_ID);
  }

  /** What the main consumers are given for a setting. */
  public static Optional<String> mainConsumer(Map<String, String> clientSettings, String key) {
    return PREFIXES.stream()
        .flatMap(prefix -> Optional.ofNullable(clientSettings.get(prefix + key)).stream())
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** Whether the brokers run the group by the protocol made for Kafka Streams. */
  public static boolean isStreamsProtocol(Map<String, String> clientSettings) {
    return clientSettings.getOrDefault(PROTOCOL, "classic").strip().equalsIgnoreCase("streams");
  }

  /** Static members stay: a restart is what they are for. The others leave. */
  static boolean closeLeavesGroup(Settings settings) {
    return settings
        .get(RunSettings.CLOSE_LEAVES_GROUP)
        .orElseGet(() -> instanceId(settings.kafka()).isEmpty());
  }

  /** Makes a problem of what does not go together. */
  static void check(Settings settings) {
    Map<String, String> kafka = settings.kafka();
    String protocol = kafka.getOrDefault(PROTOCOL, "classic").strip();
    if (!protocol.equalsIgnoreCase("classic") && !protocol.equalsIgnoreCase("streams")) {
      settings.wrong("kafka." + PROTOCOL, "give one of classic, streams");
    }
    for (String prefix : List.of("main.consumer.", "consumer.")) {
      if (kafka.containsKey(prefix + PROTOCOL)) {
        settings.problem(
            "kafka.%s%s: give kafka.%s, without a prefix".formatted(prefix, PROTOCOL, PROTOCOL));
      }
    }
    if (isStreamsProtocol(kafka) && !settings.get(RunSettings.CLOSE_LEAVES_GROUP).orElse(true)) {
      settings.problem(
          "close.leaves.group is false, and with kafka.group.protocol=streams a clean close always leaves: remove it, or use classic");
    }
    instanceId(kafka)
        .ifPresent(
            id -> {
              if (isStreamsProtocol(kafka)) {
                settings.problem(
                    "kafka.group.protocol is 'streams', which has no static members: remove kafka.%s, or use classic"
                        .formatted(INSTANCE_ID));
              }
              // each stream thread appends its number
              if (!id.matches("[a-zA-Z0-9._-]{1,200}")) {
                settings.problem(
                    "kafka.%s is '%s': use letters, digits, '.', '_' and '-' only"
                        .formatted(INSTANCE_ID, id));
              }
            });
  }

  /** The settings without what makes a static member or chooses the protocol. */
  public static void removeFrom(Map<String, String> clientSettings) {
    for (String prefix : PREFIXES) {
      clientSettings.remove(prefix + INSTANCE_ID);
      clientSettings.remove(prefix + PROTOCOL);
    }
  }
}

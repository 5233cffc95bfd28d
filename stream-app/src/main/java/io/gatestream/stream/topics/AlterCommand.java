package io.gatestream.stream.topics;

import io.gatestream.config.KafkaAccess;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The command line that changes a topic's settings, for people to copy. */
final class AlterCommand {
  private AlterCommand() {}

  /** The line, with these brokers and this topic. */
  static String of(KafkaAccess access, String topic, Map<String, String> settings) {
    String secured = // the tool has to log in as well
        access.admin().keySet().stream()
                .anyMatch(key -> key.equals("security.protocol") || key.startsWith("sasl."))
            ? " --command-config FILE"
            : "";
    return "kafka-configs.sh --bootstrap-server %s%s --alter --entity-type topics --entity-name %s --add-config %s"
        .formatted(
            access.bootstrapServers(),
            secured,
            topic,
            new TreeMap<>(settings)
                .entrySet().stream()
                    .map(setting -> setting.getKey() + "=" + setting.getValue())
                    .collect(Collectors.joining(",")));
  }
}

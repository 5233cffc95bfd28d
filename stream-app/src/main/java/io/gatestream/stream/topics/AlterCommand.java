package io.gatestream.stream.topics;

import io.gatestream.config.KafkaAccess;
import io.gatestream.kafka.ToolCommand;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The command line that changes a topic's settings, for people to copy. */
final class AlterCommand {
  private AlterCommand() {}

  /** The line, with these brokers and this topic. */
  static String of(KafkaAccess access, String topic, Map<String, String> settings) {
    return "%s --alter --entity-type topics --entity-name %s --add-config %s"
        .formatted(
            ToolCommand.of(access, "kafka-configs.sh"),
            topic,
            new TreeMap<>(settings)
                .entrySet().stream()
                    .map(setting -> setting.getKey() + "=" + setting.getValue())
                    .collect(Collectors.joining(",")));
  }
}

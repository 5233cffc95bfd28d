package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;

/** How the command line of one of Kafka's own tools begins, for people to copy. */
public final class ToolCommand {
  private ToolCommand() {}

  /** Tool and brokers; {@code --command-config FILE} where the tool has to log in as well. */
  public static String of(KafkaAccess access, String tool) {
    String secured =
        access.admin().keySet().stream()
                .anyMatch(key -> key.equals("security.protocol") || key.startsWith("sasl."))
            ? " --command-config FILE"
            : "";
    return "%s --bootstrap-server %s%s".formatted(tool, access.bootstrapServers(), secured);
  }
}

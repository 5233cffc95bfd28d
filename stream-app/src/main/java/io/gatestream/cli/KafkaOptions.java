package io.gatestream.cli;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.KafkaAccess;
import io.gatestream.config.KafkaSettings;
import io.gatestream.config.Settings;
import io.gatestream.natives.CompressionLibraries;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options of every command that talks to Kafka. Environment and file fill what no flag gives.
 */
public final class KafkaOptions {
  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers, several separated by commas.")
  public Optional<String> bootstrapServers = Optional.empty();

  @Option(
      names = StandardError.CONFIG,
      paramLabel = "FILE",
      description =
          "Settings as a .properties file; flags win over GATESTREAM_* variables, those over the"
              + " file.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--kafka",
      paramLabel = "KEY=VALUE",
      description =
          "A Kafka client setting, such as --kafka security.protocol=SASL_SSL. May be repeated.")
  Map<String, String> clientSettings = new LinkedHashMap<>();

  @Option(
      names = "--broker-timeout",
      paramLabel = "SECONDS",
      description =
          "How long to wait for a broker that does not answer. Default: "
              + KafkaAccess.DEFAULT_TIMEOUT_SECONDS
              + ".")
  Optional<Integer> brokerTimeoutSeconds = Optional.empty();

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      description =
          "How log and errors are written to standard error: as lines of text, or as one JSON"
              + " object a line. Default: text.")
  Optional<String> logFormat = Optional.empty();

  /** The settings given as flags, by their names in a file. */
  public Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    bootstrapServers.ifPresent(value -> flags.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), value));
    brokerTimeoutSeconds.ifPresent(
        value -> flags.put(KafkaSettings.BROKER_TIMEOUT_SECONDS.key(), value.toString()));
    logFormat.ifPresent(value -> flags.put(KafkaSettings.LOG_FORMAT.key(), value));
    clientSettings.forEach((key, value) -> flags.put("kafka." + key, value));
    return flags;
  }

  /** Environment, file and flags, by their names in a file. */
  public Settings settings(Map<String, String> flags) {
    return ConfigLoader.load(file, System.getenv(), flags);
  }

  /** Where the brokers are; loads what records may be compressed with. */
  public KafkaAccess access() {
    CompressionLibraries.load();
    return settings(flags()).kafkaAccess();
  }
}

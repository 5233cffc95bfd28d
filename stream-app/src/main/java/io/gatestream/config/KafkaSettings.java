package io.gatestream.config;

import static io.gatestream.config.SettingGroup.CONNECTION;
import static io.gatestream.config.SettingGroup.PROCESS;

import java.util.List;
import java.util.Optional;

/** The settings of every command that talks to Kafka. */
public final class KafkaSettings {
  public static final Setting<Optional<String>> BOOTSTRAP_SERVERS =
      new Setting<>(
          CONNECTION,
          "bootstrap.servers",
          ValueKind.text("HOST:PORT").optional(),
          Optional.empty(),
          "none; it must be given",
          "Kafka brokers, several separated by commas.");

  public static final Setting<Integer> BROKER_TIMEOUT_SECONDS =
      new Setting<>(
          CONNECTION,
          "broker.timeout.seconds",
          "--broker-timeout",
          ValueKind.whole("SECONDS", 1, 86_400),
          KafkaAccess.DEFAULT_TIMEOUT_SECONDS,
          String.valueOf(KafkaAccess.DEFAULT_TIMEOUT_SECONDS),
          "How long to wait for a broker that does not answer.");

  public static final Setting<LogFormat> LOG_FORMAT =
      new Setting<>(
          PROCESS,
          "log.format",
          ValueKind.choice(LogFormat.class),
          LogFormat.TEXT,
          "text",
          "How log and errors are written to standard error: as lines of text, or as one JSON"
              + " object a line.");

  public static final List<Setting<?>> ALL =
      List.of(BOOTSTRAP_SERVERS, BROKER_TIMEOUT_SECONDS, LOG_FORMAT);

  private KafkaSettings() {}
}

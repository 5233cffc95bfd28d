package io.gatestream.config;

import static io.gatestream.config.SettingGroup.CONNECTION;

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

  public static final List<Setting<?>> ALL = List.of(BOOTSTRAP_SERVERS, BROKER_TIMEOUT_SECONDS);

  private KafkaSettings() {}
}

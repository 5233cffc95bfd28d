package io.gatestream.config;

import io.gatestream.errors.ConfigException;
import io.gatestream.text.Secrets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/**
 * How to reach the brokers.
 *
 * @param bootstrapServers host:port, several separated by commas
 * @param clientSettings what was given as {@code kafka.*}, without the prefix: security and tuning
 *     for every client
 * @param timeout how long an unreachable broker is waited for before the command gives up
 */
public record KafkaAccess(
    String bootstrapServers, Map<String, String> clientSettings, Duration timeout) {
  public static final int DEFAULT_TIMEOUT_SECONDS = 30;
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(DEFAULT_TIMEOUT_SECONDS);

  public KafkaAccess {
    if (bootstrapServers.isBlank()) {
      throw new ConfigException("bootstrap servers are empty: give --bootstrap-servers HOST:PORT");
    }
    clientSettings = Map.copyOf(clientSettings);
  }

  public static KafkaAccess of(String bootstrapServers) {
    return new KafkaAccess(bootstrapServers, Map.of(), DEFAULT_TIMEOUT);
  }

  /** Without the values of the client settings: there are passwords among them. */
  @Override
  public String toString() {
    return "KafkaAccess[bootstrapServers=%s, clientSettings=%s, timeout=%s]"
        .formatted(Secrets.mask(bootstrapServers), new TreeSet<>(clientSettings.keySet()), timeout);
  }

  /** A fresh map of settings for a consumer without a group. */
  public Map<String, Object> consumer() {
    return settings(ClientSettings.CONSUMER);
  }

  /** A fresh map of settings for a producer that is not Kafka Streams'. */
  public Map<String, Object> producer() {
    return settings(ClientSettings.PRODUCER);
  }

  /** A fresh map of settings for an admin client. */
  public Map<String, Object> admin() {
    return settings(ClientSettings.ADMIN);
  }

  private Map<String, Object> settings(ClientSettings kind) {
    Map<String, Object> settings = kind.of(clientSettings);
    settings.put("bootstrap.servers", bootstrapServers);
    return settings;
  }
}

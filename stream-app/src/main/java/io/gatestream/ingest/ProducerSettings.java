package io.gatestream.ingest;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings of the frames' producer. What the user gave as {@code kafka.*} wins over tuning, never
 * over what the promises of ingest need: order, no loss, bytes as they are.
 */
final class ProducerSettings {
  private static final long LARGEST_REQUEST = 1L << 28;

  /** Required, or set by a flag of their own. */
  private static final Map<String, String> FIXED =
      Map.of("acks", "all", "enable.idempotence", "true");

  private static final Set<String> NOT_THE_USERS =
      Set.of(
          "key.serializer",
          "value.serializer",
          "transactional.id",
          "partitioner.class",
          "partitioner.ignore.keys");

  private ProducerSettings() {}

  /**
   * All settings but the serializers.
   *
   * @param bufferBytes memory for frames that are under way, and the largest request
   * @throws ConfigException the user set what must not be set, each named
   */
  static Map<String, Object> of(KafkaAccess access, long bufferBytes) {
    Map<String, Object> user = access.producer();
    refuse(user);
    int timeout = Math.toIntExact(Math.max(1_000, access.timeout().toMillis()));
    Map<String, Object> config = new HashMap<>();
    config.put("compression.type", "none");
    config.put("buffer.memory", bufferBytes);
    config.put("max.request.size", Math.toIntExact(Math.min(bufferBytes, LARGEST_REQUEST)));
    config.put("linger.ms", 5);
    config.put("max.block.ms", timeout);
    config.put("request.timeout.ms", Math.max(500, timeout / 2));
    // at least request.timeout.ms and linger.ms together, whichever the user gave
    config.put("delivery.timeout.ms", Math.max(timeout, atLeast(user, timeout)));
    config.putAll(user);
    config.putAll(FIXED);
    return config;
  }

  private static int atLeast(Map<String, Object> user, int timeout) {
    try {
      long request =
          Long.parseLong(
              user.getOrDefault("request.timeout.ms", Math.max(500, timeout / 2)).toString());
      long linger = Long.parseLong(user.getOrDefault("linger.ms", 5).toString());
      return (int) Math.min(Integer.MAX_VALUE, request + linger);
    } catch (NumberFormatException e) {
      return timeout; // Kafka names the setting that is no number
    }
  }

  private static void refuse(Map<String, Object> user) {
    Set<String> refused = new TreeSet<>();
    user.forEach(
        (key, value) -> {
          boolean changed = FIXED.containsKey(key) && !same(key, value);
          if (changed || NOT_THE_USERS.contains(key)) {
            refused.add(key);
          }
        });
    List<String> problems =
        refused.stream()
            .map(
                key ->
                    "kafka.%s cannot be set: ingest needs %s"
                        .formatted(key, FIXED.getOrDefault(key, "its own")))
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static boolean same(String key, Object value) {
    return value.equals(FIXED.get(key)) || (key.equals("acks") && value.equals("-1"));
  }
}

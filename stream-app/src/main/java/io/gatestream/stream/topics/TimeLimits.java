package io.gatestream.stream.topics;

import io.gatestream.kafka.TopicAdmin;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Bounds on the time of a topic's records around the broker's clock. Records of the application
 * have the capture time of a frame, so a bound that lies within the times that frames may have ends
 * the application on the first frame beyond it. Brokers that stamp records themselves ({@code
 * LogAppendTime}) do not look at the bounds.
 */
final class TimeLimits {
  /** Of brokers before 4.0; the other two came with 3.6. */
  private static final String DIFFERENCE = "message.timestamp.difference.max.ms";

  private static final String NONE = Long.toString(Long.MAX_VALUE);

  private TimeLimits() {}

  /**
   * What has to be changed so that a topic takes every frame's time; empty where it does.
   *
   * @param now by the clock, milliseconds since the epoch
   * @param latest no record's time is later, milliseconds
   */
  static Map<String, String> tooNarrow(Config settings, long now, long latest) {
    if ("LogAppendTime"
        .equals(TopicAdmin.text(settings, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))) {
      return Map.of();
    }
    long ahead = Math.max(0, latest - now);
    Map<String, String> wider = new LinkedHashMap<>();
    if (number(settings, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG) < ahead) {
      wider.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, NONE);
    }
    // frames from before 1970 are rejected
    if (number(settings, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG) < now) {
      wider.put(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, NONE);
    }
    if (number(settings, DIFFERENCE) < Math.max(ahead, now)) {
      wider.put(DIFFERENCE, NONE);
    }
    return wider;
  }

  private static long number(Config settings, String name) {
    String value = TopicAdmin.text(settings, name);
    return value.isEmpty() ? Long.MAX_VALUE : Long.parseLong(value);
  }
}

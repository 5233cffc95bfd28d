package io.gatestream.stream.topics;

import io.gatestream.config.RunConfig;
import io.gatestream.kafka.TopicAdmin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the topics of labels, of events and of rejected records take and keep what the
 * application sends.
 */
final class OutputTopics {
  private static final Logger log = LoggerFactory.getLogger(OutputTopics.class);
  private static final long HOUR_MILLIS = 3_600_000;

  private final RunConfig config;
  private final long now;

  /**
   * Creates the checks.
   *
   * @param now by the clock, milliseconds since the epoch
   */
  OutputTopics(RunConfig config, long now) {
    this.config = config;
    this.now = now;
  }

  /**
   * What makes a topic refuse records, each with the way out. What it takes and does not keep is
   * logged.
   *
   * @param settings empty where they may not be read
   */
  List<String> problems(String topic, Optional<Config> settings) {
    if (settings.isEmpty()) {
      log.warn(
          "topic {}: this user may not read its settings (DescribeConfigs), so it is not known whether it takes every frame's time. If it was not made by --create-topics, have somebody run: {}",
          topic,
          command(
              topic,
              Map.of(
                  TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                  Long.toString(Long.MAX_VALUE))));
      return List.of();
    }
    sayWhatIsNotKept(topic, settings.get());
    boolean takesBadRecords = topic.equals(config.topics().rejected());
    long latest =
        takesBadRecords // with whatever time they have
            ? Long.MAX_VALUE
            : TimeUnit.MICROSECONDS.toMillis(config.policy().latestTimeMicros());
    Map<String, String> wider = TimeLimits.tooNarrow(settings.get(), now, latest);
    if (!wider.isEmpty()) {
      return List.of(
          "the topic '%s' refuses records by their time (%s), and a record has the capture time of its frame: one frame beyond it would end the application. Run: %s"
              .formatted(
                  topic,
                  String.join(
                      ", ",
                      wider.keySet().stream()
                          .map(name -> name + "=" + TopicAdmin.text(settings.get(), name))
                          .toList()),
                  command(topic, wider)));
    }
    if (takesBadRecords && isCompacted(settings.get())) {
      return List.of(
          "the topic '%s' is compacted, so it refuses records without a key, and a bad record may have none: one of these would end the application. Run: %s"
              .formatted(
                  topic,
                  command(
                      topic,
                      Map.of(
                          TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE))));
    }
    return List.of();
  }

  private void sayWhatIsNotKept(String topic, Config settings) {
    if (topic.equals(config.topics().rejected())) {
      return;
    }
    String what = topic.equals(config.topics().events()) ? "events" : "labels";
    if (isCompacted(settings)) {
      log.warn(
          "topic {} is compacted: of each stream it keeps the newest {} only. To keep all of them: {}",
          topic,
          what,
          command(
              topic, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)));
    }
    long kept = retentionMillis(settings);
    if (kept < HOUR_MILLIS) {
      log.warn(
          "topic {} deletes {} {} s after their frames were captured (retention.ms). To keep them for a week: {}",
          topic,
          what,
          kept / 1_000,
          command(topic, Map.of(TopicConfig.RETENTION_MS_CONFIG, "604800000")));
    }
  }

  private static boolean isCompacted(Config settings) {
    return TopicAdmin.text(settings, TopicConfig.CLEANUP_POLICY_CONFIG)
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  /** How long after its time a record is deleted; the largest number where it is kept. */
  static long retentionMillis(Config settings) {
    String millis = TopicAdmin.text(settings, TopicConfig.RETENTION_MS_CONFIG);
    boolean deletes =
        TopicAdmin.text(settings, TopicConfig.CLEANUP_POLICY_CONFIG)
            .contains(TopicConfig.CLEANUP_POLICY_DELETE);
    if (!deletes || millis.isEmpty() || millis.startsWith("-")) {
      return Long.MAX_VALUE;
    }
    return Long.parseLong(millis);
  }

  private String command(String topic, Map<String, String> settings) {
    return AlterCommand.of(config.kafka(), topic, settings);
  }
}

package io.gatestream.stream.topics;

import io.gatestream.config.RunConfig;
import io.gatestream.config.StartPosition;
import io.gatestream.kafka.TopicAdmin;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says it where frames wait to be labelled that are older than the labels topic keeps its records:
 * a label has the time of its frame, so the brokers delete it soon after it was written.
 */
final class LabelRetention {
  private static final Logger log = LoggerFactory.getLogger(LabelRetention.class);

  private LabelRetention() {}

  /**
   * Looks at the frames that wait.
   *
   * @param labels settings of the labels topic
   * @param now by the clock, milliseconds since the epoch
   */
  static void check(TopicAdmin admin, RunConfig config, Config labels, long now) {
    long kept = OutputTopics.retentionMillis(labels);
    boolean byBroker =
        "LogAppendTime".equals(TimeLimits.text(labels, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
    if (kept > now || byBroker) {
      return;
    }
    try {
      long partitions = partitionsWithOlder(admin, config, now - kept);
      if (partitions > 0) {
        log.warn(
            "{} partitions of {} have frames to be labelled that were captured more than {} hours ago, and topic {} keeps labels no longer: they are deleted soon after they are written. To keep them: {}",
            partitions,
            config.topics().frames(),
            kept / 3_600_000,
            config.topics().labels(),
            AlterCommand.of(
                config.kafka(),
                config.topics().labels(),
                Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")));
      }
    } catch (KafkaException e) {
      log.debug("whether old frames wait is not known", e);
    }
  }

  private static long partitionsWithOlder(TopicAdmin admin, RunConfig config, long time) {
    String frames = config.topics().frames();
    Map<TopicPartition, Long> firsts = admin.offsets(frames, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = admin.offsets(frames, OffsetSpec.latest());
    Map<TopicPartition, Long> younger = admin.offsets(frames, OffsetSpec.forTimestamp(time));
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.get(
            admin
                .client()
                .listConsumerGroupOffsets(config.applicationId())
                .partitionsToOffsetAndMetadata());
    return ends.entrySet().stream()
        .filter(
            end -> {
              TopicPartition partition = end.getKey();
              OffsetAndMetadata done = committed.get(partition);
              long start =
                  config.start() == StartPosition.LATEST
                      ? end.getValue()
                      : firsts.getOrDefault(partition, 0L);
              long next = done == null ? start : done.offset();
              long firstYounger = younger.getOrDefault(partition, -1L);
              return next < (firstYounger < 0 ? end.getValue() : firstYounger);
            })
        .count();
  }
}

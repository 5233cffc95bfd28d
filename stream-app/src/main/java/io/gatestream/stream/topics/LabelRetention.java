package io.gatestream.stream.topics;

import io.gatestream.config.RunConfig;
import io.gatestream.config.StartPosition;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.TopicAdmin;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
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
  static void check(Brokers brokers, RunConfig config, Config labels, long now) {
    long kept = OutputTopics.retentionMillis(labels);
    boolean byBroker =
        "LogAppendTime".equals(TopicAdmin.text(labels, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
    if (kept > now || byBroker) {
      return;
    }
    try {
      long partitions = partitionsWithOlder(brokers, config, now - kept);
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
    } catch (KafkaException | OutageException e) {
      log.debug("whether old frames wait is not known", e);
    }
  }

  private static long partitionsWithOlder(Brokers brokers, RunConfig config, long time) {
    String frames = config.topics().frames();
    Map<TopicPartition, Long> firsts = brokers.topics().beginnings(frames);
    Map<TopicPartition, Long> ends = brokers.topics().stableEnds(frames);
    Map<TopicPartition, Long> younger = brokers.topics().firstNotBefore(frames, time);
    Map<TopicPartition, OffsetAndMetadata> committed =
        brokers.groups().committed(config.applicationId());
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
              long firstYounger = younger.getOrDefault(partition, end.getValue());
              return next < firstYounger;
            })
        .count();
  }
}

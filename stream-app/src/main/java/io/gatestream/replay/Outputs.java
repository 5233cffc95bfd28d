package io.gatestream.replay;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.RangeReader;
import io.gatestream.kafka.TopicAdmin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.PolicyViolationException;

/** The topics that a replay writes: of labels, and of rejected records. For one thread. */
final class Outputs {
  private final Brokers brokers;
  private final RangeReader reader;
  private final ReplayRequest request;

  Outputs(Brokers brokers, RangeReader reader, ReplayRequest request) {
    this.brokers = brokers;
    this.reader = reader;
    this.request = request;
  }

  private List<String> topics() {
    return request.outputs();
  }

  /** Settings of a topic whose records have any capture time and are kept. */
  static Map<String, String> settings(int maxRecordBytes) {
    Map<String, String> settings = new HashMap<>(TopicAdmin.captureTimeSettings(maxRecordBytes));
    settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
    return settings;
  }

  /** Makes what is missing. */
  void create(int partitions, RunConfig application) {
    for (String topic : topics()) {
      brokers
          .topics()
          .create(
              topic,
              partitions,
              application.creation().replicationFactor(),
              settings(application.pollBounds().maxRecordBytes()));
    }
  }

  /** Whether one of them has a record, or an open transaction. */
  boolean hold() {
    return topics().stream().anyMatch(this::holds);
  }

  private boolean holds(String topic) {
    Optional<TopicDescription> found = brokers.topics().find(topic);
    if (found.isEmpty()) {
      return false;
    }
    Map<TopicPartition, Long> all = brokers.topics().ends(topic);
    Map<TopicPartition, Long> beginnings = brokers.topics().beginnings(topic);
    return brokers.topics().stableEnds(topic).entrySet().stream()
        .anyMatch(
            end ->
                all.getOrDefault(end.getKey(), 0L) > end.getValue()
                    || reader
                        .first(
                            end.getKey(), beginnings.getOrDefault(end.getKey(), 0L), end.getValue())
                        .isPresent());
  }

  /**
   * Checks them before a replay that begins.
   *
   * @throws ConfigException one has a record
   */
  void requireEmpty() {
    for (String topic : topics()) {
      if (holds(topic)) {
        throw new ConfigException(
            "the topic '%s' is not empty, and the replay '%s' was not interrupted: name a topic that is new or empty with --output"
                .formatted(topic, request.name()));
      }
    }
  }

  /**
   * Deletes what an interrupted replay wrote, and leaves topics that it did not write.
   *
   * @throws ConfigException a topic does not let its records be deleted
   */
  void empty(ReplayPlan interrupted) {
    for (String topic : topics()) {
      if (!interrupted.outputs().contains(topic) || brokers.topics().find(topic).isEmpty()) {
        continue;
      }
      try {
        brokers.topics().empty(topic);
      } catch (PolicyViolationException e) {
        throw new ConfigException(
            "the records of topic '%s' cannot be deleted (%s): delete the topic, or name another"
                .formatted(topic, e.getMessage()),
            e);
      }
    }
  }
}

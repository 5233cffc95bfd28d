package io.gatestream.ingest;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.ToldException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The topic that frames go to, before any frame is sent. */
final class FramesTopic {
  private static final long POLL_MILLIS = 50;

  /** Kafka's default for a topic. */
  private static final long USUAL_RECORD_BYTES = 1_048_588;

  private final KafkaAccess access;
  private final String topic;

  FramesTopic(KafkaAccess access, String topic) {
    this.access = access;
    this.topic = topic;
  }

  /** As {@link KafkaFrameSink#checkTopic}. */
  void check(boolean create, int partitions, int maxMessageBytes) throws InterruptedException {
    try (Admin admin = admin()) {
      if (!exists(admin)) {
        if (!create) {
          throw new ConfigException(
              "topic '%s' is missing: add --create-topics, or create it".formatted(topic));
        }
        create(admin, partitions, maxMessageBytes);
      }
      if (create) { // by this ingest, or a moment ago by another
        awaitLeaders(admin);
      }
    } catch (TimeoutException e) {
      throw unanswered(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw unanswered(e);
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException("topic '%s': %s".formatted(topic, cause.getMessage()), e);
    }
  }

  /** As {@link KafkaFrameSink#mostRecordBytes}. */
  long mostRecordBytes() throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = admin()) {
      Config config =
          admin
              .describeConfigs(List.of(resource))
              .all()
              .get(millis(), TimeUnit.MILLISECONDS)
              .get(resource);
      ConfigEntry limit = config == null ? null : config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
      return limit == null || limit.value() == null
          ? USUAL_RECORD_BYTES
          : Math.max(1, Long.parseLong(limit.value()));
    } catch (ExecutionException | TimeoutException e) {
      return USUAL_RECORD_BYTES; // reading settings is a right of its own
    }
  }

  private Admin admin() {
    Map<String, Object> config = access.admin();
    int millis = Math.toIntExact(Math.max(1_000, access.timeout().toMillis()));
    config.put("default.api.timeout.ms", millis);
    config.put("request.timeout.ms", millis);
    try {
      return Admin.create(config);
    } catch (KafkaException e) {
      throw ClientFailure.of(e);
    }
  }

  private boolean exists(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      admin.describeTopics(List.of(topic)).allTopicNames().get(millis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  private void create(Admin admin, int partitions, int maxMessageBytes)
      throws ExecutionException, InterruptedException, TimeoutException {
    NewTopic fresh =
        new NewTopic(topic, Optional.of(partitions), Optional.empty())
            .configs(
                Map.of(
                    "max.message.bytes",
                    Integer.toString(maxMessageBytes),
                    "message.timestamp.after.max.ms",
                    Long.toString(Long.MAX_VALUE)));
    try {
      admin.createTopics(List.of(fresh)).all().get(millis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) { // another ingest was faster
        throw e;
      }
    }
  }

  /**
   * Returns once every partition takes records. A partition of a new topic is known before it has a
   * leader. Where a producer's first batch comes before and its second one after, the broker never
   * takes the first, and everything behind it waits for the delivery timeout.
   */
  private void awaitLeaders(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis());
    while (!isLed(admin)) {
      if (System.nanoTime() > until) {
        throw leaderless(null);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Asks the leaders themselves; the client asks again until they lead. */
  private boolean isLed(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    try {
      for (TopicDescription described :
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get(millis(), TimeUnit.MILLISECONDS)
              .values()) {
        for (TopicPartitionInfo partition : described.partitions()) {
          ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false; // created, and this broker has not heard of it
      }
      throw e;
    }
    try {
      admin.listOffsets(ends).all().get(millis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw leaderless(e);
      }
      throw e;
    }
  }

  private long millis() {
    return access.timeout().toMillis() + 500; // the client's own limit comes first
  }

  private IllegalStateException leaderless(@Nullable Exception cause) {
    return new IllegalStateException(
        "topic '%s' has partitions without a leader after %d s: look at the brokers (--broker-timeout)"
            .formatted(topic, access.timeout().toSeconds()),
        cause);
  }

  private IllegalStateException unanswered(Exception cause) {
    return new ToldException(
        "no Kafka broker answers at %s within %d s (--bootstrap-servers, --broker-timeout)"
            .formatted(access.bootstrapServers(), access.timeout().toSeconds()),
        cause);
  }
}

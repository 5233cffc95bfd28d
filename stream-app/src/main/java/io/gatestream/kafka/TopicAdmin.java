package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.ToldException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the checks before a start ask of the brokers. For one thread; every call waits for its
 * answer.
 *
 * <p>Every call throws {@link IllegalStateException} where the brokers do not answer in time, and
 * {@link KafkaException} where they refuse.
 */
public final class TopicAdmin implements AutoCloseable {
  private static final long PAUSE_MILLIS = 50;

  private final KafkaAccess access;
  private final Admin admin;

  public TopicAdmin(KafkaAccess access) {
    this.access = access;
    Map<String, Object> settings = access.admin();
    settings.putIfAbsent("default.api.timeout.ms", Math.toIntExact(timeoutMillis()));
    settings.putIfAbsent("request.timeout.ms", Math.toIntExact(Math.min(timeoutMillis(), 30_000)));
    try {
      this.admin = Admin.create(settings);
    } catch (KafkaException e) {
      throw new ConfigException("cannot use the Kafka client settings: " + ClientFault.of(e), e);
    }
  }

  /** For calls that are made in one place only. */
  public Admin client() {
    return admin;
  }

  public Optional<TopicDescription> find(String topic) {
    try {
      return Optional.of(
          get(admin.describeTopics(List.of(topic)).allTopicNames()).values().iterator().next());
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  /** Whether this call made the topic; else another instance did. */
  public boolean create(NewTopic topic) {
    try {
      get(admin.createTopics(List.of(topic)).all());
      return true;
    } catch (TopicExistsException e) {
      return false;
    } finally {
      // whoever made it: instances that start together create the same topics
      awaitVisible(topic.name());
    }
  }

  /** A topic just created may take a moment to reach every broker. */
  private void awaitVisible(String topic) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis());
    while (find(topic).isEmpty() && System.nanoTime() < until) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new org.apache.kafka.common.errors.InterruptException(e);
      }
    }
  }

  /**
   * Returns once each partition of the topics has a leader. Where a producer's first batch comes
   * before and its second one after, the broker never takes the first.
   */
  public void awaitLeaders(Collection<String> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    topics.forEach(topic -> ends.putAll(partitions(topic, OffsetSpec.latest())));
    // answered by the leaders themselves, and asked again until they lead
    try {
      get(admin.listOffsets(ends).all());
    } catch (UnknownTopicOrPartitionException e) {
      return; // just created, or deleted by somebody else
    }
  }

  /** Offsets of a topic's partitions; -1 where there is no such record. */
  public Map<TopicPartition, Long> offsets(String topic, OffsetSpec which) {
    Map<TopicPartition, Long> found = new HashMap<>();
    get(admin.listOffsets(partitions(topic, which)).all())
        .forEach((partition, info) -> found.put(partition, info.offset()));
    return found;
  }

  private Map<TopicPartition, OffsetSpec> partitions(String topic, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    find(topic)
        .ifPresent(
            found ->
                found
                    .partitions()
                    .forEach(
                        partition ->
                            asked.put(new TopicPartition(topic, partition.partition()), which)));
    return asked;
  }

  /** A topic's settings; empty where this user may not read them. */
  public Optional<Config> settings(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return Optional.of(answer(admin.describeConfigs(List.of(resource)).values()));
    } catch (AuthorizationException e) {
      return Optional.empty();
    }
  }

  private long timeoutMillis() {
    return access.timeout().toMillis();
  }

  /** Waits for the answer to a question about one thing. */
  public <T> T answer(Map<?, KafkaFuture<T>> one) {
    return get(one.values().iterator().next());
  }

  /** Waits for an answer. */
  public <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(timeoutMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException timeout) {
        throw unreachable(timeout);
      }
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }

  private IllegalStateException unreachable(Exception cause) {
    return new ToldException(
        "no Kafka broker answers at %s within %d s: check the address, or raise --broker-timeout"
            .formatted(access.bootstrapServers(), access.timeout().toSeconds()),
        cause);
  }

  @Override
  public void close() {
    admin.close();
  }
}

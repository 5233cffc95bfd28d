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
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What a replay asks of the brokers beside reading and writing records. For one thread; every call
 * waits for its answer.
 *
 * <p>Every call throws {@link IllegalStateException} where the brokers do not answer in time or
 * refuse, with what to do.
 */
public final class Brokers implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  private final KafkaAccess access;
  private final Admin admin;

  public Brokers(KafkaAccess access) {
    this.access = access;
    Map<String, Object> settings = access.admin();
    int millis = Math.toIntExact(access.timeout().toMillis());
    settings.putIfAbsent("default.api.timeout.ms", millis);
    settings.putIfAbsent("request.timeout.ms", Math.min(millis, 30_000));
    try {
      this.admin = Admin.create(settings);
    } catch (KafkaException e) {
      throw new ConfigException("cannot use the Kafka client settings: " + ClientFault.of(e), e);
    }
  }

  KafkaAccess access() {
    return access;
  }

  /** A topic, empty where there is none of that name. */
  public Optional<TopicDescription> topic(String name) {
    try {
      return Optional.ofNullable(
          get(admin.describeTopics(List.of(name)).allTopicNames()).get(name));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  /** A topic's settings; none where they may not be read. */
  public Map<String, String> settings(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<String, String> settings = new HashMap<>();
    try {
      Config config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);
      if (config != null) {
        config.entries().stream()
            .filter(entry -> entry.value() != null)
            .forEach(entry -> settings.put(entry.name(), entry.value()));
      }
    } catch (RefusedException e) {
      return Map.of();
    }
    return settings;
  }

  /** Makes a topic, or leaves the one of that name, and waits until its partitions lead. */
  public void create(String topic, int partitions, int replicas, Map<String, String> settings) {
    NewTopic fresh =
        new NewTopic(
                topic,
                Optional.of(partitions),
                Optional.of((short) replicas).filter(count -> count > 0))
            .configs(settings);
    try {
      get(admin.createTopics(List.of(fresh)).all());
    } catch (TopicExistsException e) {
      return;
    }
    await(
        "topic '%s' to come up".formatted(topic), access.timeout().toMillis(), () -> leads(topic));
  }

  private boolean leads(String topic) {
    try {
      return topic(topic).isPresent() && !ends(topic).isEmpty();
    } catch (UnknownTopicOrPartitionException e) {
      return false;
    }
  }

  /** Deletes a topic if it is there, and waits until it is gone. */
  public void deleteTopic(String topic) {
    try {
      get(admin.deleteTopics(List.of(topic)).all());
    } catch (UnknownTopicOrPartitionException e) {
      return;
    }
    await(
        "topic '%s' to go away".formatted(topic),
        access.timeout().toMillis(),
        () -> topic(topic).isEmpty());
  }

  /** Deletes all records of a topic. */
  public void empty(String topic) {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    ends(topic).forEach((at, end) -> all.put(at, RecordsToDelete.beforeOffset(end)));
    get(admin.deleteRecords(all).all());
  }

  /** The first offset that each partition still has. */
  public Map<TopicPartition, Long> beginnings(String topic) {
    return offsets(topic, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
  }

  /** One after each partition's last offset, open transactions included. */
  public Map<TopicPartition, Long> ends(String topic) {
    return offsets(topic, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
  }

  /** The last stable offsets: what is before them is committed or aborted. */
  public Map<TopicPartition, Long> stableEnds(String topic) {
    return offsets(topic, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
  }

  /**
   * The first offsets whose records are not before a time: everything earlier in the partition is
   * before it, what is later may be either. Partitions without such a record are left out.
   */
  public Map<TopicPartition, Long> firstNotBefore(String topic, long millis) {
    Map<TopicPartition, Long> found =
        offsets(topic, OffsetSpec.forTimestamp(millis), IsolationLevel.READ_COMMITTED);
    found.values().removeIf(offset -> offset < 0);
    return found;
  }

  private Map<TopicPartition, Long> offsets(
      String topic, OffsetSpec which, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    topic(topic)
        .orElseThrow(() -> new IllegalStateException("the topic '%s' is gone".formatted(topic)))
        .partitions()
        .forEach(info -> asked.put(new TopicPartition(topic, info.partition()), which));
    Map<TopicPartition, Long> found = new HashMap<>();
    get(admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all())
        .forEach((at, info) -> found.put(at, info.offset()));
    return found;
  }

  /** What a group has committed; nothing where there is no such group. */
  public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    try {
      get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
          .forEach(
              (at, offset) -> {
                if (offset != null) {
                  committed.put(at, offset);
                }
              });
    } catch (GroupIdNotFoundException e) {
      return Map.of();
    }
    return committed;
  }

  /** Commits for a group without members. */
  public void commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (!offsets.isEmpty()) {
      get(admin.alterConsumerGroupOffsets(group, offsets).all());
    }
  }

  /** Hosts of a group's members; none where there is no such group. */
  public List<String> members(String group) {
    try {
      ConsumerGroupDescription found =
          get(admin.describeConsumerGroups(List.of(group)).all()).get(group);
      return found == null
          ? List.of()
          : found.members().stream().map(member -> member.host()).distinct().toList();
    } catch (GroupIdNotFoundException e) {
      return List.of();
    }
  }

  /** Deletes groups that are there, and waits for members that are leaving. */
  public void deleteGroups(Collection<String> groups) {
    for (String group : groups) {
      await(
          "the members of group '%s' to leave".formatted(group),
          access.timeout().toMillis(),
          () -> isDeleted(group));
    }
  }

  private boolean isDeleted(String group) {
    try {
      get(admin.deleteConsumerGroups(List.of(group)).all());
      return true;
    } catch (GroupIdNotFoundException e) {
      return true;
    } catch (GroupNotEmptyException e) {
      return false;
    }
  }

  /** A question that is asked until the answer is yes. */
  public interface Question {
    boolean answer();
  }

  /** Asks until the answer is yes. */
  public static void await(String what, long limitMillis, Question question) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    while (!question.answer()) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(
            "waited %d s for %s".formatted(TimeUnit.MILLISECONDS.toSeconds(limitMillis), what));
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptException(e);
      }
    }
  }

  /** The brokers do not let this user do something. */
  static final class RefusedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    RefusedException(Throwable cause) {
      super(
          """
          the brokers refuse access: %s
          A replay called NAME needs what 'run' needs under that application id, and besides:
            Read, Describe, Delete    groups NAME and NAME-range
            Create, DescribeConfigs   its output topics"""
              .formatted(cause.getMessage()),
          cause);
    }
  }

  private <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(access.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof AuthorizationException) {
        throw new RefusedException(cause);
      }
      if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw unreachable(cause);
      }
      throw cause instanceof KafkaException kafka ? kafka : new KafkaException(cause);
    } catch (TimeoutException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  private IllegalStateException unreachable(Throwable cause) {
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

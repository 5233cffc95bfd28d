package io.gatestream.kafka;

import io.gatestream.errors.OutageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Topics: finds, makes, reads and removes them. Calls fail as those of {@link AdminCalls} do. */
public final class TopicAdmin {
  /** Brokers hear of a new topic one after the other: so often in a row one may not know it. */
  private static final int MOST_MISSES = 60;

  /** The client asks for as long as no partition leads, though the topic may be gone. */
  private static final Duration LEADERS = Duration.ofSeconds(5);

  private final AdminCalls calls;

  TopicAdmin(AdminCalls calls) {
    this.calls = calls;
  }

  /** A topic, empty where there is none of that name. */
  public Optional<TopicDescription> find(String topic) {
    try {
      return Optional.of(
          calls.answer(calls.client().describeTopics(List.of(topic)).topicNameValues()));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  /** Whether there is no such topic; one that this user may not see may be missing. */
  public boolean mayBeMissing(String topic) {
    try {
      return find(topic).isEmpty();
    } catch (AuthorizationException e) {
      return true;
    }
  }

  /**
   * A topic that is there, though the broker that is asked may not have heard of it yet.
   *
   * @throws UnknownTopicOrPartitionException there is none
   */
  public TopicDescription known(String topic) {
    return ofKnown(
        topic, () -> calls.answer(calls.client().describeTopics(List.of(topic)).topicNameValues()));
  }

  /**
   * The settings of a topic that is there; empty where this user may not read them.
   *
   * @throws UnknownTopicOrPartitionException there is no such topic
   */
  public Optional<Config> settings(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return Optional.of(
          ofKnown(
              topic,
              () -> calls.answer(calls.client().describeConfigs(List.of(resource)).values())));
    } catch (AuthorizationException e) {
      return Optional.empty();
    }
  }

  private <T> T ofKnown(String topic, Supplier<T> question) {
    List<T> answers = new ArrayList<>(1);
    AtomicInteger misses = new AtomicInteger();
    calls.await(
        "the brokers to tell of topic '%s'".formatted(topic),
        () -> {
          try {
            answers.add(question.get());
          } catch (UnknownTopicOrPartitionException e) {
            if (misses.incrementAndGet() > MOST_MISSES) {
              throw e;
            }
          }
          return !answers.isEmpty();
        });
    return answers.get(0);
  }

  /** A setting's value; empty where the brokers do not know it. */
  public static String text(Config settings, String name) {
    ConfigEntry entry = settings.get(name);
    return entry == null || entry.value() == null ? "" : entry.value();
  }

  /** Settings of a topic whose records have the capture times of frames. */
  public static Map<String, String> captureTimeSettings(int maxRecordBytes) {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(maxRecordBytes),
        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
        Long.toString(Long.MAX_VALUE));
  }

  /**
   * Makes a topic, or leaves the one of that name, and returns once each of its partitions has a
   * leader. A partition of a new topic is known before. Where a producer's first batch comes before
   * and its second one after, the broker never takes the first, and everything behind it waits for
   * the delivery timeout.
   *
   * @param replicas 0 for the brokers' default
   * @return whether this call made it; instances that start together make the same topics
   * @throws UnknownTopicOrPartitionException somebody deleted it meanwhile
   */
  public boolean create(String topic, int partitions, int replicas, Map<String, String> settings) {
    boolean made = find(topic).isEmpty() && make(topic, partitions, replicas, settings);
    calls.await(
        "every partition of topic '%s' to have a leader".formatted(topic), new Leaders(topic));
    return made;
  }

  private boolean make(String topic, int partitions, int replicas, Map<String, String> settings) {
    NewTopic fresh =
        new NewTopic(
                topic,
                Optional.of(partitions),
                Optional.of((short) replicas).filter(count -> count > 0))
            .configs(settings);
    try {
      calls.get(calls.client().createTopics(List.of(fresh)).all());
      return true;
    } catch (TopicExistsException e) {
      return false;
    }
  }

  /** Whether every partition of a topic has a leader: asks the leaders themselves. */
  final class Leaders implements BooleanSupplier {
    private final String topic;
    private boolean found;
    private int misses;

    Leaders(String topic) {
      this.topic = topic;
    }

    /** Fails where the topic was there and is not any more. */
    @Override
    public boolean getAsBoolean() {
      Optional<TopicDescription> now = find(topic);
      misses = now.isPresent() ? 0 : misses + 1;
      found |= now.isPresent();
      if (found && misses > MOST_MISSES) {
        throw new UnknownTopicOrPartitionException("the topic '%s' is gone".formatted(topic));
      }
      try {
        return now.isPresent()
            && !offsets(
                    now.get(),
                    OffsetSpec.latest(),
                    new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED)
                        .timeoutMs(Math.toIntExact(LEADERS.toMillis())))
                .isEmpty();
      } catch (UnknownTopicOrPartitionException e) {
        return false;
      }
    }
  }

  /** Deletes a topic if it is there, and waits until it is gone. */
  public void delete(String topic) {
    try {
      calls.get(calls.client().deleteTopics(List.of(topic)).all());
    } catch (UnknownTopicOrPartitionException e) {
      return;
    }
    calls.await("topic '%s' to go away".formatted(topic), () -> find(topic).isEmpty());
  }

  /** Deletes all records of a topic. */
  public void empty(String topic) {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    ends(topic).forEach((at, end) -> all.put(at, RecordsToDelete.beforeOffset(end)));
    calls.get(calls.client().deleteRecords(all).all());
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
    return offsets(
        find(topic)
            .orElseThrow(() -> new OutageException("the topic '%s' is gone".formatted(topic))),
        which,
        new ListOffsetsOptions(isolation));
  }

  private Map<TopicPartition, Long> offsets(
      TopicDescription topic, OffsetSpec which, ListOffsetsOptions options) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    topic
        .partitions()
        .forEach(info -> asked.put(new TopicPartition(topic.name(), info.partition()), which));
    Map<TopicPartition, Long> found = new HashMap<>();
    calls
        .get(calls.client().listOffsets(asked, options).all())
        .forEach((at, info) -> found.put(at, info.offset()));
    return found;
  }
}

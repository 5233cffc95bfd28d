package io.gatestream.stream;

import io.gatestream.config.ClientFault;
import io.gatestream.config.ConfigException;
import io.gatestream.config.RunConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks brokers and topics before the application joins its group, and creates what is missing if
 * asked to.
 */
final class TopicChecks {
  private static final Logger log = LoggerFactory.getLogger(TopicChecks.class);

  private final RunConfig config;

  TopicChecks(RunConfig config) {
    this.config = config;
  }

  /**
   * Runs all checks.
   *
   * @return the largest record that producers and the rejected topic take
   * @throws ConfigException topics are missing or do not fit
   * @throws IllegalStateException the brokers do not answer in time, or refuse
   */
  int run() {
    Map<String, Object> settings = config.kafka().toClientConfig();
    settings.putIfAbsent("default.api.timeout.ms", Math.toIntExact(timeoutMillis()));
    settings.putIfAbsent("request.timeout.ms", Math.toIntExact(Math.min(timeoutMillis(), 30_000)));
    try (Admin admin = Admin.create(settings)) {
      Optional<TopicDescription> frames = find(admin, config.topics().frames());
      create(admin, frames);
      List<String> problems = new ArrayList<>();
      for (String topic : topics()) {
        if (find(admin, topic).isEmpty()) {
          problems.add(
              "the topic '%s' is not there: create it, or start with --create-topics"
                  .formatted(topic));
        }
      }
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
      checkChangelog(admin);
      Map<String, Config> described = describe(admin);
      described.forEach(TopicChecks::checkTimestamps);
      return largestRejected(described);
    } catch (AuthorizationException e) {
      throw new IllegalStateException(AccessNeeds.of(config, e), e);
    } catch (ConfigException | IllegalStateException e) {
      throw e;
    } catch (KafkaException e) {
      throw new IllegalStateException(
          "Kafka at %s: %s".formatted(config.kafka().bootstrapServers(), ClientFault.of(e)), e);
    }
  }

  private List<String> topics() {
    return List.of(config.topics().frames(), config.topics().labels(), config.topics().rejected());
  }

  private void create(Admin admin, Optional<TopicDescription> frames) {
    if (!config.creation().create()) {
      return;
    }
    int partitions =
        frames.map(found -> found.partitions().size()).orElse(config.creation().partitions());
    for (String topic : topics()) {
      if (find(admin, topic).isPresent()) {
        continue;
      }
      NewTopic missing =
          new NewTopic(
              topic,
              Optional.of(partitions),
              Optional.of((short) config.creation().replicationFactor()).filter(n -> n > 0));
      missing.configs(
          Map.of(
              TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
              Integer.toString(config.windows().maxRecordBytes()),
              TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
              Long.toString(Long.MAX_VALUE)));
      try {
        get(admin.createTopics(List.of(missing)).all());
        log.info("created topic {} with {} partitions", topic, partitions);
      } catch (TopicExistsException e) {
        log.debug("topic {} was created by another instance", topic);
      }
      // Whoever made it: instances that start together create the same topics.
      awaitVisible(admin, topic);
    }
    awaitLeaders(admin);
  }

  /** A topic just created may take a moment to reach every broker. */
  private void awaitVisible(Admin admin, String topic) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis());
    while (find(admin, topic).isEmpty() && System.nanoTime() < until) {
      try {
        Thread.sleep(50);
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
  private void awaitLeaders(Admin admin) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (String topic : topics()) {
      find(admin, topic)
          .ifPresent(
              found ->
                  found
                      .partitions()
                      .forEach(
                          partition ->
                              ends.put(
                                  new TopicPartition(topic, partition.partition()),
                                  OffsetSpec.latest())));
    }
    // answered by the leaders themselves, and asked again until they lead
    try {
      get(admin.listOffsets(ends).all());
    } catch (UnknownTopicOrPartitionException e) {
      log.debug("a topic was just created or deleted by somebody else", e);
    }
  }

  /**
   * States live in the changelog's partition of the frame's partition: their numbers must be equal.
   */
  private void checkChangelog(Admin admin) {
    String changelog = changelog();
    Optional<TopicDescription> states = find(admin, changelog);
    int frames = find(admin, config.topics().frames()).orElseThrow().partitions().size();
    if (states.isPresent() && states.get().partitions().size() != frames) {
      throw new ConfigException(
          ("'%s' has %d partitions and the changelog '%s' has %d: partitions were added to a live"
                  + " topic, and the states are orphaned. Use a new topic and a new application.id")
              .formatted(
                  config.topics().frames(), frames, changelog, states.get().partitions().size()));
    }
  }

  /** The settings of the application's own topics, as far as they may be read. */
  private Map<String, Config> describe(Admin admin) {
    List<ConfigResource> own =
        Stream.of(config.topics().labels(), config.topics().rejected(), changelog())
            .filter(topic -> find(admin, topic).isPresent())
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
            .toList();
    Map<String, Config> found = new HashMap<>();
    admin
        .describeConfigs(own)
        .values()
        .forEach(
            (topic, future) -> {
              try {
                found.put(topic.name(), get(future));
              } catch (AuthorizationException e) {
                log.debug("topic {}: settings may not be read", topic.name());
              }
            });
    return found;
  }

  private static void checkTimestamps(String topic, Config settings) {
    long millis =
        number(settings, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.MAX_VALUE);
    if (millis < Long.MAX_VALUE) {
      log.warn(
          "topic {} refuses records more than {} ms ahead of the broker's clock: set {}={}",
          topic,
          millis,
          TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
          Long.MAX_VALUE);
    }
  }

  /** A rejected record that the topic refuses would fail its transaction for ever. */
  private int largestRejected(Map<String, Config> described) {
    int largest = StreamsSettings.largestRecord(config);
    Config rejected = described.get(config.topics().rejected());
    return rejected == null
        ? largest
        : (int) Math.min(largest, number(rejected, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest));
  }

  private static long number(Config settings, String name, long standard) {
    ConfigEntry entry = settings.get(name);
    return entry == null || entry.value() == null ? standard : Long.parseLong(entry.value());
  }

  private String changelog() {
    return InternalTopics.changelog(config);
  }

  private Optional<TopicDescription> find(Admin admin, String topic) {
    try {
      return Optional.of(
          get(admin.describeTopics(List.of(topic)).allTopicNames()).values().iterator().next());
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  private long timeoutMillis() {
    return config.kafka().timeout().toMillis();
  }

  private <T> T get(KafkaFuture<T> future) {
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
    return new IllegalStateException(
        "no Kafka broker answers at %s within %d s: check the address, or raise --broker-timeout"
            .formatted(config.kafka().bootstrapServers(), config.kafka().timeout().toSeconds()),
        cause);
  }
}

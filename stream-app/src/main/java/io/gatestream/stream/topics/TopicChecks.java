package io.gatestream.stream.topics;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.TopicAdmin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks brokers, group and topics before the application joins its group, and creates what is
 * missing if asked to.
 */
public final class TopicChecks {
  private static final Logger log = LoggerFactory.getLogger(TopicChecks.class);

  private final RunConfig config;
  private final int maxStateBytes;
  private int framesPartitions;

  /**
   * Creates the checks.
   *
   * @param maxStateBytes of one state's record: the changelog must take it
   */
  public TopicChecks(RunConfig config, int maxStateBytes) {
    this.config = config;
    this.maxStateBytes = maxStateBytes;
  }

  /**
   * Runs all checks.
   *
   * @return the largest record that producers and the rejected topic take
   * @throws ConfigException topics are missing or do not fit, or the group is another's
   * @throws OutageException the brokers do not answer in time, or refuse
   */
  public int run() {
    try (Brokers brokers = new Brokers(config.kafka())) {
      boolean fresh = brokers.topics().mayBeMissing(changelog());
      AccessNeeds.require(brokers, config);
      new GroupCheck(brokers, config).run();
      create(brokers);
      requireTopics(brokers);
      framesPartitions = brokers.topics().known(config.topics().frames()).partitions().size();
      checkChangelog(brokers, fresh);
      return checkSettings(brokers, System.currentTimeMillis());
    } catch (AuthorizationException e) {
      throw new OutageException(AccessNeeds.of(config, e), e);
    } catch (KafkaException e) {
      throw ClientFault.refused(config.kafka(), e);
    }
  }

  /** Partitions of the frames topic, once the checks have run. */
  public int framesPartitions() {
    return framesPartitions;
  }

  private List<String> topics() {
    List<String> topics = new ArrayList<>(List.of(config.topics().frames()));
    topics.addAll(config.outputs());
    return topics;
  }

  private void create(Brokers brokers) {
    if (!config.creation().create()) {
      return;
    }
    int partitions =
        brokers
            .topics()
            .find(config.topics().frames())
            .map(found -> found.partitions().size())
            .orElse(config.creation().partitions());
    for (String topic : topics()) {
      if (brokers
          .topics()
          .create(
              topic,
              partitions,
              config.creation().replicationFactor(),
              TopicAdmin.captureTimeSettings(config.pollBounds().maxRecordBytes()))) {
        log.info("created topic {} with {} partitions", topic, partitions);
      }
    }
  }

  private void requireTopics(Brokers brokers) {
    List<String> problems = new ArrayList<>();
    for (String topic : topics()) {
      if (brokers.topics().find(topic).isEmpty()) {
        problems.add(
            "the topic '%s' is not there: create it, or start with --create-topics%s"
                .formatted(
                    topic,
                    topic.equals(config.topics().events()) ? "; or with --events=false" : ""));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /**
   * States live in the changelog's partition of the frame's partition: their numbers must be equal.
   */
  private void checkPartitions(Brokers brokers) {
    int states = brokers.topics().known(changelog()).partitions().size();
    if (states != framesPartitions) {
      throw new ConfigException(
          ("'%s' has %d partitions and the changelog '%s' has %d: partitions were added to a live"
                  + " topic, and the states are orphaned. Use a new topic and a new application.id")
              .formatted(config.topics().frames(), framesPartitions, changelog(), states));
    }
  }

  /**
   * Makes the changelog, or takes that which is there or which another instance makes meanwhile.
   *
   * @param fresh it was not there when the rights were asked for
   */
  private void checkChangelog(Brokers brokers, boolean fresh) {
    boolean made =
        brokers.topics().find(changelog()).isEmpty()
            && ChangelogTopic.create(brokers, config, changelog(), framesPartitions, maxStateBytes);
    checkPartitions(brokers);
    if (fresh) {
      AccessNeeds.require(brokers, config); // of what is not there brokers tell nothing
    }
    if (!made) {
      ChangelogTopic.mend(
          brokers, config, changelog(), brokers.topics().settings(changelog()), maxStateBytes);
    }
  }

  private int checkSettings(Brokers brokers, long now) {
    OutputTopics outputs = new OutputTopics(config, now);
    Map<String, Config> found = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (String topic : config.outputs()) {
      Optional<Config> settings = brokers.topics().settings(topic);
      settings.ifPresent(present -> found.put(topic, present));
      problems.addAll(outputs.problems(topic, settings));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    Config labels = found.get(config.topics().labels());
    if (labels != null) {
      LabelRetention.check(brokers, config, labels, now);
    }
    return largestRejected(Optional.ofNullable(found.get(config.topics().rejected())));
  }

  /** A rejected record that the topic refuses would fail its transaction for ever. */
  private int largestRejected(Optional<Config> rejected) {
    int largest = largestRecord(config);
    return rejected
        .map(settings -> TopicAdmin.text(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
        .filter(bytes -> !bytes.isEmpty())
        .map(bytes -> (int) Math.min(largest, Long.parseLong(bytes)))
        .orElse(largest);
  }

  private String changelog() {
    return InternalTopics.changelog(config);
  }

  /** The largest record that the producers send. */
  static int largestRecord(RunConfig config) {
    String given =
        config
            .kafka()
            .clientSettings()
            .get(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
    try {
      return given == null
          ? config.pollBounds().maxRecordBytes()
          : Math.min(config.pollBounds().maxRecordBytes(), Integer.parseInt(given.strip()));
    } catch (NumberFormatException e) {
      throw new ConfigException(
          "kafka.producer.max.request.size is '%s': give a whole number".formatted(given), e);
    }
  }
}

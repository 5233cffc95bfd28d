package io.gatestream.it;

import static java.util.Objects.requireNonNull;

import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.schema.Frame;
import io.gatestream.schema.StreamStateRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a test sees of the broker: committed records, committed offsets, members of groups. */
final class Kafka implements AutoCloseable {
  private static final FrameCodec FRAMES = new AvroFrameCodec(FrameLimits.DEFAULT);

  private static final int LONGEST_STREAM_ID = 1_024;

  private final String bootstrapServers;
  private final Admin admin;

  Kafka(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * A topic that takes any capture time and is ready for records. Where a producer's first batch
   * finds no leader yet and its second one does, the broker never takes the first.
   */
  void createTopic(String name, int partitions) {
    NewTopic topic =
        new NewTopic(name, Optional.of(partitions), Optional.empty())
            .configs(Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)));
    get(admin.createTopics(List.of(topic)).all());
    Wait.until(() -> "leaders of " + name, () -> isLed(name, partitions));
  }

  /** Answered by the partitions' leaders, and asked again until they lead. */
  private boolean isLed(String topic, int partitions) {
    try {
      get(admin.listOffsets(latest(partitionsOf(topic, partitions))).all());
      return true;
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false; // the broker has not heard of it yet
      }
      throw e;
    }
  }

  int partitions(String topic) {
    return requireNonNull(get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic))
        .partitions()
        .size();
  }

  boolean hasTopic(String topic) {
    return get(admin.listTopics().names()).contains(topic);
  }

  List<String> topicsOf(String prefix) {
    return get(admin.listTopics().names()).stream()
        .filter(name -> name.startsWith(prefix))
        .sorted()
        .toList();
  }

  List<String> groupsOf(String prefix) {
    return get(admin.listGroups().all()).stream()
        .map(group -> group.groupId())
        .filter(name -> name.startsWith(prefix))
        .sorted()
        .toList();
  }

  /** What would show that somebody touched an application: offsets, ends of topics, members. */
  List<String> footprint(String applicationId, TopicNames topics) {
    List<String> lines = new ArrayList<>();
    get(admin.listConsumerGroupOffsets(applicationId).partitionsToOffsetAndMetadata())
        .forEach((at, offset) -> lines.add("committed %s %d".formatted(at, offset.offset())));
    for (String topic :
        List.of(topics.labels(), topics.rejected(), applicationId + "-streams-changelog")) {
      get(admin.listOffsets(latest(partitionsOf(topic))).all())
          .forEach((at, end) -> lines.add("end of %s %d".formatted(at, end.offset())));
    }
    members(applicationId)
        .forEach(
            member ->
                lines.add(
                    "member %s with %s"
                        .formatted(
                            member.consumerId(),
                            new TreeSet<>(
                                member.assignment().topicPartitions().stream()
                                    .map(Object::toString)
                                    .toList()))));
    lines.sort(String::compareTo);
    return lines;
  }

  /** Everything that is committed in a topic now, partition by partition. */
  List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    try (CommittedRecords records = new CommittedRecords(this, topic)) {
      records.readToEnd();
      return List.copyOf(records.all());
    }
  }

  /** Reads the same without keeping it: a long run's topics are larger than a heap. */
  private void readCommitted(String topic, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    try (CommittedRecords records = new CommittedRecords(this, topic, sink)) {
      records.readToEnd();
    }
  }

  Labels labels(TopicNames topics) {
    return Labels.of(committed(topics.labels()));
  }

  KafkaConsumer<byte[], byte[]> consumer(String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                10_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    Set<TopicPartition> partitions = partitionsOf(topic);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  private Set<TopicPartition> partitionsOf(String topic) {
    return partitionsOf(topic, partitions(topic));
  }

  private static Set<TopicPartition> partitionsOf(String topic, int count) {
    Set<TopicPartition> partitions =
        new TreeSet<>(java.util.Comparator.comparing(Object::toString));
    for (int i = 0; i < count; i++) {
      partitions.add(new TopicPartition(topic, i));
    }
    return partitions;
  }

  private static Map<TopicPartition, OffsetSpec> latest(Set<TopicPartition> partitions) {
    return partitions.stream()
        .collect(Collectors.toMap(partition -> partition, p -> OffsetSpec.latest()));
  }

  /**
   * Records of {@code topic} that the application has not committed yet. Under exactly-once its
   * labels and states are in the same transactions.
   */
  long uncommitted(String applicationId, String topic) {
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        get(admin.listOffsets(latest(partitionsOf(topic))).all());
    Map<TopicPartition, OffsetAndMetadata> offsets =
        get(
            admin
                .listConsumerGroupOffsets(
                    Map.of(applicationId, new ListConsumerGroupOffsetsSpec()),
                    new ListConsumerGroupOffsetsOptions().requireStable(false))
                .partitionsToOffsetAndMetadata(applicationId));
    long open = 0;
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
      OffsetAndMetadata offset = offsets.get(end.getKey());
      open += end.getValue().offset() - (offset == null ? 0 : offset.offset());
    }
    return open;
  }

  /** How far an application is, partition by partition, for a test that failed. */
  String positions(String applicationId, TopicNames topics) {
    Set<TopicPartition> frames = partitionsOf(topics.frames());
    Set<TopicPartition> labels = partitionsOf(topics.labels());
    Map<TopicPartition, ListOffsetsResultInfo> ends = get(admin.listOffsets(latest(frames)).all());
    Map<TopicPartition, ListOffsetsResultInfo> written =
        get(admin.listOffsets(latest(labels)).all());
    Map<TopicPartition, ListOffsetsResultInfo> stable =
        get(
            admin
                .listOffsets(latest(labels), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
    Map<TopicPartition, OffsetAndMetadata> offsets =
        get(
            admin
                .listConsumerGroupOffsets(
                    Map.of(applicationId, new ListConsumerGroupOffsetsSpec()),
                    new ListConsumerGroupOffsetsOptions().requireStable(false))
                .partitionsToOffsetAndMetadata(applicationId));
    StringBuilder text = new StringBuilder();
    for (TopicPartition partition : frames) {
      TopicPartition label = new TopicPartition(topics.labels(), partition.partition());
      text.append(
          "%n  partition %d: committed %s of %d frames; labels stable to %d of %d"
              .formatted(
                  partition.partition(),
                  offsets.get(partition),
                  requireNonNull(ends.get(partition)).offset(),
                  requireNonNull(stable.get(label)).offset(),
                  requireNonNull(written.get(label)).offset()));
    }
    for (MemberDescription member : members(applicationId)) {
      text.append("%n  %s: %s".formatted(member.clientId(), member.assignment()));
    }
    return text.toString();
  }

  /** Waits until the application has committed every record of its frames topic. */
  void awaitProcessed(String applicationId, String topic, List<Running> instances) {
    Wait.until(
        () ->
            "%d records of %s that %s has not committed; %s"
                .formatted(uncommitted(applicationId, topic), topic, applicationId, instances),
        () -> {
          instances.forEach(Running::requireAlive);
          return uncommitted(applicationId, topic) == 0;
        });
  }

  /** Waits until an application has committed a label that it has not committed yet. */
  void awaitMore(TopicNames topics, Fleet fleet) {
    try (CommittedRecords labels = new CommittedRecords(this, topics.labels())) {
      labels.readToEnd();
      int before = labels.count();
      Wait.until(
          () -> "a label more than %d; %s".formatted(before, fleet),
          () -> {
            fleet.requireAlive();
            return labels.count() > before;
          });
    }
  }

  /** Partitions of each instance of an application, by its process id within Kafka Streams. */
  Map<String, Integer> assignment(String applicationId) {
    Map<String, Integer> partitions = new HashMap<>();
    for (MemberDescription member : members(applicationId)) {
      String instance = member.clientId().replaceFirst("-StreamThread-.*", "");
      partitions.merge(instance, member.assignment().topicPartitions().size(), Integer::sum);
    }
    return partitions;
  }

  /**
   * Partitions of the frames topic that an instance holds, by its process id within Kafka Streams;
   * none while its group rebalances.
   */
  Set<Integer> partitionsOf(String applicationId, String instance) {
    return members(applicationId).stream()
        .filter(member -> member.clientId().contains(instance))
        .flatMap(member -> member.assignment().topicPartitions().stream())
        .map(TopicPartition::partition)
        .collect(Collectors.toSet());
  }

  /** Whether a group has a member of the instance, by its process id within Kafka Streams. */
  boolean isMember(String applicationId, String instance) {
    return members(applicationId).stream().anyMatch(member -> member.clientId().contains(instance));
  }

  private Collection<MemberDescription> members(String applicationId) {
    return requireNonNull(
            get(admin.describeConsumerGroups(List.of(applicationId)).all()).get(applicationId))
        .members();
  }

  /** The newest committed state of each stream. */
  Map<String, StreamStateRecord> states(String applicationId) {
    BinaryMessageDecoder<StreamStateRecord> decoder =
        new BinaryMessageDecoder<>(new SpecificData(), StreamStateRecord.getClassSchema());
    decoder.addSchema(StateFormatTest.format(1));
    decoder.addSchema(StateFormatTest.format(2));
    decoder.addSchema(StateFormatTest.format(3));
    Map<String, StreamStateRecord> states = new TreeMap<>();
    readCommitted(
        applicationId + "-streams-changelog",
        record -> {
          try {
            states.put(
                new String(record.key(), StandardCharsets.UTF_8), decoder.decode(record.value()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return states;
  }

  /** The frame in a record; empty where it is none. */
  static Optional<Frame> frame(byte[] value) {
    try {
      return Optional.of(FRAMES.decode(value));
    } catch (FrameDecodeException e) {
      return Optional.empty();
    }
  }

  static byte[] encode(Frame frame) {
    return FRAMES.encode(frame);
  }

  /**
   * Frames in the committed records of a topic, by stream; one that is no frame counts as one.
   * Records whose key can be no stream's are left out.
   */
  Map<String, Long> framesByStream(String topic) {
    Map<String, Long> frames = new TreeMap<>();
    readCommitted(
        topic,
        record -> {
          if (record.key() != null && record.key().length <= LONGEST_STREAM_ID) {
            long count = frame(record.value()).map(Frame::getFrameCount).orElse(1);
            frames.merge(new String(record.key(), StandardCharsets.UTF_8), count, Long::sum);
          }
        });
    return frames;
  }

  /**
   * The account of an application, from committed topics alone: lines that say where frames in are
   * not labels + duplicates + skipped + rejected.
   */
  List<String> accountProblems(String applicationId, TopicNames topics) {
    Map<String, Long> frames = framesByStream(topics.frames());
    Map<String, Long> rejectedRecords = framesByStream(topics.rejected());
    Map<String, StreamStateRecord> states = states(applicationId);
    Labels labels = labels(topics);
    List<String> problems = new ArrayList<>();
    frames.forEach(
        (stream, in) -> {
          StreamStateRecord state = states.get(stream);
          if (state == null) {
            problems.add("%s: %d frames in and no state".formatted(stream, in));
            return;
          }
          long labelled = labels.byStream().getOrDefault(stream, List.of()).size();
          long out = labelled + state.getDuplicates() + state.getSkipped() + state.getRejected();
          long rejected = rejectedRecords.getOrDefault(stream, 0L);
          if (in != out || rejected != state.getRejected()) {
            problems.add(
                "%s: %d frames in; %d labels + %d duplicates + %d skipped + %d rejected, %d in the rejected topic"
                    .formatted(
                        stream,
                        in,
                        labelled,
                        state.getDuplicates(),
                        state.getSkipped(),
                        state.getRejected(),
                        rejected));
          }
        });
    return problems;
  }

  static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}

package io.gatestream.bench;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.ingest.DeliveryException;
import io.gatestream.ingest.KafkaFrameSink;
import io.gatestream.kafka.AdminCalls;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.GrouplessConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The brokers that a bench runs on, and the topics that it makes there: all their names begin with
 * {@link #prefix}, and closing deletes them. Used by one thread.
 */
final class BenchKafka implements AutoCloseable {
  private static final int LARGEST_RECORD = 16 << 20;
  private static final long BUFFER_BYTES = 32L << 20;
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaAccess access;
  private final Optional<BrokerProcess> own;
  private final String prefix;
  private final Brokers brokers;
  private final Set<String> groups = new HashSet<>();

  /**
   * Connects.
   *
   * @param own the broker at {@code access} where it was started for this; closed with this
   * @param prefix of all topics and groups
   */
  BenchKafka(KafkaAccess access, Optional<BrokerProcess> own, String prefix) {
    this.access = access;
    this.own = own;
    this.prefix = prefix;
    this.brokers = new Brokers(access);
  }

  KafkaAccess access() {
    return access;
  }

  String name(String what) {
    return prefix + what;
  }

  /** Whether the broker's processor time is known. */
  boolean knowsCpu() {
    return own.isPresent();
  }

  Usage usage() {
    return Usage.now(own.map(BrokerProcess::cpuNanos).orElse(0L));
  }

  /** Makes a topic for frames and gives its name. */
  String topic(String what, int partitions) throws InterruptedException {
    KafkaFrameSink.checkTopic(access, name(what), true, partitions, LARGEST_RECORD);
    return name(what);
  }

  /** Makes a topic with settings of Kafka's and gives its name. */
  String topic(String what, int partitions, Map<String, String> settings) {
    brokers.topics().create(name(what), partitions, 0, settings);
    return name(what);
  }

  /** A producer of frames, to be closed by the caller. */
  KafkaFrameSink sink(String topic) {
    return KafkaFrameSink.open(
        access, new AvroFrameCodec(FrameLimits.DEFAULT), topic, BUFFER_BYTES);
  }

  /** Sends frames {@code from} to {@code to}, excluded, and waits until all are in the topic. */
  void fill(String topic, Cameras cameras, long from, long to) throws InterruptedException {
    try (KafkaFrameSink sink = sink(topic)) {
      for (long n = from; n < to; n++) {
        sink.send(cameras.frame(n));
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      for (String id : cameras.ids()) {
        sink.flush(id);
      }
    } catch (DeliveryException e) {
      throw new OutageException("topic '%s': %s".formatted(topic, e.getMessage()), e);
    }
  }

  /** A consumer of all partitions of a topic from their beginning, to be closed by the caller. */
  Consumer<byte[], byte[]> consumer(String topic) {
    return consumer(topic, Map.of());
  }

  /** As the other, with further settings of Kafka's. */
  Consumer<byte[], byte[]> consumer(String topic, Map<String, Object> further) {
    Map<String, Object> config = new HashMap<>(Map.of("max.partition.fetch.bytes", 2 << 20));
    config.putAll(further);
    Consumer<byte[], byte[]> consumer = GrouplessConsumer.open(access, config);
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic, access.timeout()).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  /** How many records of a topic are committed. */
  long committed(String topic) {
    try (Consumer<byte[], byte[]> consumer = consumer(topic)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      long count = 0;
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        count += consumer.poll(POLL).count();
      }
      return count;
    }
  }

  /** Bytes of a topic's log; empty where the brokers do not tell. */
  Optional<Long> bytes(String topic) {
    AdminCalls calls = brokers.calls();
    try {
      List<Integer> ids =
          calls.get(calls.client().describeCluster().nodes()).stream().map(Node::id).toList();
      Map<TopicPartition, Long> sizes = new HashMap<>();
      for (Map<String, LogDirDescription> folders :
          calls.get(calls.client().describeLogDirs(ids).allDescriptions()).values()) {
        for (LogDirDescription folder : folders.values()) {
          for (Map.Entry<TopicPartition, ReplicaInfo> replica : folder.replicaInfos().entrySet()) {
            if (replica.getKey().topic().equals(topic)) {
              sizes.merge(replica.getKey(), replica.getValue().size(), Math::max);
            }
          }
        }
      }
      return sizes.isEmpty()
          ? Optional.empty()
          : Optional.of(sizes.values().stream().mapToLong(Long::longValue).sum());
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      return Optional.empty();
    }
  }

  /** Deletes the topics whose names begin so. */
  void delete(String what) {
    AdminCalls calls = brokers.calls();
    List<String> gone =
        calls.get(calls.client().listTopics().names()).stream()
            .filter(topic -> topic.startsWith(name(what)))
            .toList();
    calls.get(calls.client().deleteTopics(gone).all());
  }

  /** Remembers a consumer group, to delete it at the end. */
  void uses(String group) {
    groups.add(group);
  }

  /** What is on a broker of its own goes with it; elsewhere an interrupted bench cleans up too. */
  @Override
  public void close() {
    boolean isInterrupted = Thread.interrupted();
    try (brokers) {
      if (own.isPresent()) {
        own.get().close();
      } else {
        delete("");
        groups.forEach(brokers.groups()::delete);
      }
    } catch (KafkaException | OutageException e) {
      throw new OutageException(
          "topics %s* or groups %s could not be deleted: %s"
              .formatted(prefix, groups.stream().collect(Collectors.joining(", ")), e.getMessage()),
          e);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

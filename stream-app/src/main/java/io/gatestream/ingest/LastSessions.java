package io.gatestream.ingest;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.kafka.GrouplessConsumer;
import io.gatestream.schema.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * The newest sessions that the frames topic knows of some streams, looked for among the last
 * records of their partitions. Best effort: within a bound of records and of time, and none where
 * the topic cannot be read.
 */
public final class LastSessions {
  /** Records at a partition's end that are looked at: first a few, then more. */
  private static final int[] TAILS = {20, 200};

  private static final int FETCH_BYTES = 8 << 20;
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Instant> sessions = new HashMap<>();
  private final FrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);

  private LastSessions() {}

  /**
   * Looks them up.
   *
   * @param limit of time for all of it
   * @param complaints takes one line where the topic cannot be read
   */
  public static Map<String, Instant> read(
      KafkaAccess access,
      String topic,
      Collection<String> streams,
      Duration limit,
      Consumer<String> complaints) {
    Map<String, Object> settings = new HashMap<>(GrouplessConsumer.UNCOMMITTED);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer =
        GrouplessConsumer.open(access, settings)) {
      return read(consumer, topic, streams, limit);
    } catch (KafkaException | ConfigException e) {
      complaints.accept(
          "cannot read the last sessions of topic '%s', so they are not checked: %s"
              .formatted(topic, e.getMessage()));
      return Map.of();
    }
  }

  /** As the public one, on a consumer that stays the caller's. */
  static Map<String, Instant> read(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      String topic,
      Collection<String> streams,
      Duration limit) {
    LastSessions last = new LastSessions();
    long until = System.nanoTime() + limit.toNanos();
    int count = consumer.partitionsFor(topic, limit).size();
    if (count == 0) {
      return Map.of(); // the broker does not know the topic yet
    }
    Map<TopicPartition, List<String>> wanted =
        new TreeSet<>(streams)
            .stream().collect(Collectors.groupingBy(id -> partition(topic, id, count)));
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(wanted.keySet(), limit);
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(wanted.keySet(), limit));
    Set<TopicPartition> open = new HashSet<>(wanted.keySet());
    for (int tail : TAILS) {
      last.readTail(consumer, open, begins, ends, tail, until);
      open.removeIf(partition -> last.sessions.keySet().containsAll(wanted.get(partition)));
    }
    last.sessions.keySet().retainAll(new HashSet<>(streams));
    return Map.copyOf(last.sessions);
  }

  /** Where Kafka's own producer puts a stream's records. */
  private static TopicPartition partition(String topic, String stream, int count) {
    byte[] key = stream.getBytes(StandardCharsets.UTF_8);
    return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % count);
  }

  /** Reads the last records before {@code ends}, which then are before them. */
  private void readTail(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      Set<TopicPartition> partitions,
      Map<TopicPartition, Long> begins,
      Map<TopicPartition, Long> ends,
      int tail,
      long until) {
    Map<TopicPartition, Long> starts = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long end = ends.getOrDefault(partition, 0L);
      long start = Math.max(begins.getOrDefault(partition, 0L), end - tail);
      if (start < end) {
        starts.put(partition, start);
      }
    }
    if (starts.isEmpty()) {
      return;
    }
    consumer.assign(starts.keySet());
    consumer.resume(starts.keySet()); // those of the tail before are paused
    starts.forEach(consumer::seek);
    Set<TopicPartition> reading = new HashSet<>(starts.keySet());
    while (!reading.isEmpty() && System.nanoTime() < until) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset()
            < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
          add(record);
        }
      }
      reading.removeIf(at -> consumer.position(at) >= ends.getOrDefault(at, 0L));
      consumer.pause(
          starts.keySet().stream().filter(at -> !reading.contains(at)).toList()); // not read on
    }
    ends.putAll(starts);
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    try {
      Frame frame = codec.decode(record.value());
      sessions.merge(
          frame.getStreamId(),
          frame.getSession(),
          (one, other) -> one.isAfter(other) ? one : other);
    } catch (FrameDecodeException e) {
      // no frame, so no session
    }
  }
}

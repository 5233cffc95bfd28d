package io.gatestream.labels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.kafka.GrouplessConsumer;
import io.gatestream.schema.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Finds single frames in a frames topic by their capture time. For one thread. */
public final class FrameFinder implements AutoCloseable {
  private static final Duration WAIT = Duration.ofMillis(250);

  /** A segment's record has the time of its first frame, so it may lie as far before. */
  private static final Duration LONGEST_SEGMENT = Duration.ofSeconds(61);

  /** Where it is not found soon it is not there: so a search reads little of a large topic. */
  private static final int MOST_RECORDS = 2_000;

  private final KafkaAccess access;
  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);

  private FrameFinder(KafkaAccess access, String topic, Consumer<byte[], byte[]> consumer) {
    this.access = access;
    this.topic = topic;
    this.consumer = consumer;
  }

  /** Opens a finder. */
  public static FrameFinder open(KafkaAccess access, String topic) {
    return new FrameFinder(access, topic, GrouplessConsumer.open(access, Map.of()));
  }

  /**
   * The record that holds a frame.
   *
   * @param captureTime microseconds since the epoch
   * @throws io.gatestream.errors.ConfigException the topic does not exist
   * @throws io.gatestream.errors.OutageException it may not be read, or no broker answered in time
   */
  public Optional<Frame> find(String stream, long sequence, long captureTime) {
    long millis = TimeUnit.MICROSECONDS.toMillis(captureTime);
    return search(stream, sequence, millis, millis)
        .or(() -> search(stream, sequence, millis - LONGEST_SEGMENT.toMillis(), millis));
  }

  private Optional<Frame> search(String stream, long sequence, long from, long to) {
    Map<TopicPartition, Long> ends =
        TopicReader.start(
            consumer, topic, new StartPoint.Time(Instant.ofEpochMilli(Math.max(0, from))), access);
    consumer.resume(consumer.paused());
    int read = 0;
    while (read < MOST_RECORDS
        && consumer.paused().size() < ends.size()
        && ends.entrySet().stream()
            .anyMatch(
                end ->
                    !consumer.paused().contains(end.getKey())
                        && consumer.position(end.getKey(), access.timeout()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
        read++;
        if (record.key() == null
            || record.value() == null
            || !stream.equals(new String(record.key(), UTF_8))) {
          continue;
        }
        if (record.timestamp() > to) {
          consumer.pause(Set.of(new TopicPartition(topic, record.partition())));
        }
        Optional<Frame> frame = decode(record.value());
        if (frame.filter(found -> holds(found, sequence)).isPresent()) {
          return frame;
        }
      }
    }
    return Optional.empty();
  }

  private static boolean holds(Frame frame, long sequence) {
    return frame.getSequence() <= sequence
        && sequence < frame.getSequence() + frame.getFrameCount();
  }

  private Optional<Frame> decode(byte[] value) {
    try {
      return Optional.of(codec.decode(value));
    } catch (FrameDecodeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}

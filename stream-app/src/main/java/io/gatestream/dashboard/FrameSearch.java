package io.gatestream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.Micros;
import io.gatestream.kafka.GrouplessConsumer;
import io.gatestream.schema.Frame;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds the record that holds a stream's picture of a time, reading little. For one thread. */
final class FrameSearch implements AutoCloseable {
  private static final Duration WAIT = Duration.ofMillis(250);
  private static final Duration ANSWER = Duration.ofSeconds(3);

  /** A search ends then, whatever it found: others wait for it. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** A segment's record has the time of its first frame, so it may lie as far before. */
  private static final long LONGEST_SEGMENT_MILLIS = 61_000;

  private static final long LAST_RECORDS = 500;

  /** Streams of a partition are about as late as each other. */
  private static final long SKEW_MILLIS = 10_000;

  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);

  FrameSearch(KafkaAccess access, String topic) {
    this.topic = topic;
    this.consumer =
        GrouplessConsumer.open(
            access,
            Map.of(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                256 * 1024,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                1024 * 1024,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                100));
  }

  /**
   * The last record of a stream that begins at or before a time.
   *
   * @param atMillis capture time
   * @param intervalMillis from one of its frames to the next, about
   * @param sequence of the frame, where that is known: nothing is read behind it
   * @throws org.apache.kafka.common.KafkaException the topic may not be read, or no broker answered
   */
  Optional<Frame> find(
      String stream, int partition, long atMillis, long intervalMillis, OptionalLong sequence) {
    Wanted wanted = new Wanted(stream.getBytes(UTF_8), atMillis, sequence);
    TopicPartition place = new TopicPartition(topic, partition);
    return search(wanted, place, offset(place, atMillis - intervalMillis))
        .or(() -> search(wanted, place, offset(place, atMillis - LONGEST_SEGMENT_MILLIS)))
        // beside streams of other times, such as a recording beside cameras, times lead nowhere
        .or(() -> search(wanted, place, OptionalLong.of(end(place) - LAST_RECORDS)));
  }

  private OptionalLong offset(TopicPartition place, long millis) {
    Map<TopicPartition, @Nullable OffsetAndTimestamp> starts =
        consumer.offsetsForTimes(Map.of(place, Math.max(0, millis)), ANSWER);
    OffsetAndTimestamp start = starts.get(place);
    return start == null ? OptionalLong.empty() : OptionalLong.of(start.offset());
  }

  private long end(TopicPartition place) {
    return consumer.endOffsets(List.of(place), ANSWER).getOrDefault(place, 0L);
  }

  private Optional<Frame> search(Wanted wanted, TopicPartition place, OptionalLong start) {
    if (start.isEmpty()) {
      return Optional.empty();
    }
    long end = end(place);
    consumer.assign(List.of(place));
    consumer.seek(
        place,
        Math.max(
            start.getAsLong(),
            consumer.beginningOffsets(List.of(place), ANSWER).getOrDefault(place, 0L)));
    Optional<Frame> found = Optional.empty();
    long until = System.nanoTime() + LONGEST.toNanos();
    while (consumer.position(place, ANSWER) < end && System.nanoTime() < until) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
        boolean own = Arrays.equals(wanted.key(), record.key()) && record.value() != null;
        Optional<Frame> frame = own ? decode(record.value()) : Optional.empty();
        boolean after =
            frame.map(one -> captureMillis(one) > wanted.atMillis()).orElse(false)
                || (found.isPresent() && record.timestamp() > wanted.atMillis() + SKEW_MILLIS);
        if (after) {
          return found;
        }
        if (frame.filter(wanted::holds).isPresent()) {
          return frame;
        }
        if (frame.isPresent()) {
          found = frame;
        }
      }
    }
    return found;
  }

  /** What is looked for. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Wanted(byte[] key, long atMillis, OptionalLong sequence) {
    boolean holds(Frame frame) {
      return sequence.isPresent()
          && frame.getSequence() <= sequence.getAsLong()
          && sequence.getAsLong() < frame.getSequence() + frame.getFrameCount()
          && captureMillis(frame) <= atMillis;
    }
  }

  private static long captureMillis(Frame frame) {
    return TimeUnit.MICROSECONDS.toMillis(Micros.of(frame.getCaptureTime()));
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
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}

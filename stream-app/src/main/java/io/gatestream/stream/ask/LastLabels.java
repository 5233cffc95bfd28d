package io.gatestream.stream.ask;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.GrouplessConsumer;
import io.gatestream.schema.FrameLabel;
import io.gatestream.stream.ask.LocalStates.Found;
import io.gatestream.stream.policy.StreamProgress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Finds the label that a state was written with: a state holds no scores. The label's partition is
 * that of its key, and its time stamp the capture time, so little is read. The consumer is made for
 * the first who asks, and serves one at a time. Thread-safe.
 */
final class LastLabels implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  /** For all that one label takes, and for one's turn. */
  static final Duration WAIT = Duration.ofSeconds(5);

  /** At the end of the partition. */
  private static final Duration AT_END = Duration.ofSeconds(1);

  private static final int MOST_RECORDS = 20_000;

  private final KafkaAccess access;
  private final String topic;
  private final LabelCodec codec = new LabelCodec();
  private final ReentrantLock turn = new ReentrantLock();

  /** Guarded by the lock. */
  private @Nullable Consumer<byte[], byte[]> consumer;

  LastLabels(KafkaAccess access, String topic) {
    this.access = access;
    this.topic = topic;
  }

  /** A label, or why there is none. */
  record LastLabel(@Nullable FrameLabel label, String why) {
    static LastLabel none(String why) {
      return new LastLabel(null, why);
    }
  }

  /** Takes {@link #WAIT} at most, and as long for its turn. */
  LastLabel of(Found found) {
    if (found.state().progress().modelFingerprint().isEmpty()) {
      return LastLabel.none("the stream has no label yet");
    }
    boolean mine = false;
    try {
      mine = turn.tryLock(WAIT.toNanos(), TimeUnit.NANOSECONDS);
      return mine ? read(found) : LastLabel.none("other labels are being looked up: ask again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return LastLabel.none("this instance closes");
    } catch (KafkaException e) {
      return LastLabel.none("topic '%s' cannot be read: %s".formatted(topic, ClientFault.of(e)));
    } catch (ConfigException | OutageException e) {
      return LastLabel.none(String.valueOf(e.getMessage()));
    } finally {
      if (mine) {
        turn.unlock();
      }
    }
  }

  private LastLabel read(Found found) {
    Consumer<byte[], byte[]> reader = consumer();
    long deadline = System.nanoTime() + WAIT.toNanos();
    // labels go where Kafka's own partitioner puts them, wherever their frames lie
    int partitions = reader.partitionsFor(topic, left(deadline)).size();
    if (partitions == 0) {
      return LastLabel.none("topic '%s' has no partitions: it is not there".formatted(topic));
    }
    TopicPartition partition =
        new TopicPartition(topic, Utils.toPositive(Utils.murmur2(found.id().get())) % partitions);
    reader.assign(List.of(partition));
    try {
      long end = reader.endOffsets(List.of(partition), left(deadline)).getOrDefault(partition, 0L);
      reader.seek(partition, start(reader, partition, found.state().progress(), end, deadline));
      return search(reader, partition, found, end, deadline);
    } finally {
      reader.unsubscribe();
    }
  }

  private LastLabel search(
      Consumer<byte[], byte[]> reader,
      TopicPartition partition,
      Found found,
      long end,
      long deadline) {
    long begun = System.nanoTime();
    long caughtUp = Long.MAX_VALUE;
    for (int records = 0; records < MOST_RECORDS; ) {
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
        records++;
        Optional<FrameLabel> label = label(record, found);
        if (label.isPresent()) {
          return new LastLabel(label.get(), "");
        }
      }
      long now = System.nanoTime();
      if (reader.position(partition, left(deadline)) >= end) {
        caughtUp = Math.min(caughtUp, now - begun);
      }
      // brokers show a transaction a moment after it is committed
      if (caughtUp < Long.MAX_VALUE && now - begun - caughtUp > AT_END.toNanos()) {
        return LastLabel.none(
            "it is not in topic '%s': the retention has taken it, or the brokers do not show it yet"
                .formatted(topic));
      }
      if (now - deadline > 0) {
        break;
      }
    }
    return LastLabel.none(
        "not found in topic '%s' within %d s and %d labels: ask again, or read the topic"
            .formatted(topic, WAIT.toSeconds(), MOST_RECORDS));
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
  }

  /** The first record that is not older than the label, which comes no later than the label. */
  private static long start(
      Consumer<byte[], byte[]> reader,
      TopicPartition partition,
      StreamProgress progress,
      long end,
      long deadline) {
    long millis = Math.max(0, progress.lastStepTime() / 1_000);
    Map<TopicPartition, @Nullable OffsetAndTimestamp> found =
        reader.offsetsForTimes(Map.of(partition, millis), left(deadline));
    OffsetAndTimestamp first = found.get(partition);
    return first != null ? first.offset() : end;
  }

  private Optional<FrameLabel> label(ConsumerRecord<byte[], byte[]> record, Found found) {
    if (record.value() == null || !Arrays.equals(record.key(), found.id().get())) {
      return Optional.empty();
    }
    try {
      return Optional.of(codec.decode(record.value()))
          .filter(label -> isOf(label, found.state().progress()));
    } catch (FrameDecodeException e) {
      return Optional.empty(); // somebody else's
    }
  }

  /** Counts tell frames that were sent once more after a reset from those before. */
  private static boolean isOf(FrameLabel label, StreamProgress progress) {
    return Micros.of(label.getCaptureTime()) == progress.lastStepTime()
        && label.getFramesSinceReset() == progress.framesSinceReset()
        && label.getDuplicates() <= progress.duplicates()
        && label.getSkipped() <= progress.skipped()
        && label.getRejected() <= progress.rejected();
  }

  private Consumer<byte[], byte[]> consumer() {
    Consumer<byte[], byte[]> known = consumer;
    if (known == null) {
      known =
          GrouplessConsumer.open(
              access,
              Map.of(
                  ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                  1 << 20,
                  ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                  1 << 18,
                  ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                  2_000,
                  ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  2_000));
      consumer = known;
    }
    return known;
  }

  @Override
  public void close() {
    turn.lock();
    try {
      if (consumer != null) {
        consumer.close();
        consumer = null;
      }
    } finally {
      turn.unlock();
    }
  }
}

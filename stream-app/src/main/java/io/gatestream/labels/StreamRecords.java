package io.gatestream.labels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.GrouplessConsumer;
import io.gatestream.kafka.TopicLookup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads the committed records of one stream from a time on, without a consumer group. For one
 * thread, which also closes it.
 *
 * <p>A stream lies in one partition. Where it is not told which, that of Kafka's own partitioner is
 * read first, and all others only where the stream is not found there.
 */
public final class StreamRecords implements AutoCloseable {
  private static final Duration WAIT = Duration.ofMillis(250);

  private final KafkaAccess access;
  private final Consumer<byte[], byte[]> consumer;
  private final BooleanSupplier stopped;

  private StreamRecords(
      KafkaAccess access, Consumer<byte[], byte[]> consumer, BooleanSupplier stopped) {
    this.access = access;
    this.consumer = consumer;
    this.stopped = stopped;
  }

  /**
   * Opens a reader.
   *
   * @param stopped whether to leave off
   * @throws io.gatestream.errors.ConfigException the client settings cannot be used
   */
  public static StreamRecords open(KafkaAccess access, BooleanSupplier stopped) {
    return new StreamRecords(access, GrouplessConsumer.open(access, Map.of()), stopped);
  }

  /**
   * Gives all records of a stream with timestamps from a time on, in the order of each partition,
   * and some that are earlier.
   *
   * @param partition where the stream surely lies, if that is known
   * @param fromMillis since the epoch
   * @param more takes a record, and says whether those behind it in its partition are wanted
   * @return what was seen on the way
   * @throws io.gatestream.errors.ConfigException the topic does not exist
   * @throws OutageException it may not be read, or no broker answered in time
   */
  public SeenRecords read(
      String topic,
      String stream,
      OptionalInt partition,
      long fromMillis,
      Predicate<ConsumerRecord<byte[], byte[]>> more) {
    SeenRecords seen = new SeenRecords();
    try {
      List<Integer> all =
          TopicLookup.partitions(consumer, topic, access).stream()
              .map(info -> info.partition())
              .sorted()
              .toList();
      int likely =
          partition.orElse(Utils.toPositive(Utils.murmur2(stream.getBytes(UTF_8))) % all.size());
      if (all.contains(likely)) {
        new Pass(topic, List.of(likely), fromMillis, stream, seen).read(more);
        if (partition.isPresent() || seen.found()) {
          return seen;
        }
      }
      List<Integer> others = all.stream().filter(one -> one != likely).toList();
      new Pass(topic, others, fromMillis, stream, seen).read(more);
      return seen;
    } catch (TimeoutException e) {
      throw ClientFault.noAnswer(access, e);
    } catch (AuthorizationException e) {
      throw TopicLookup.mayNotRead(access, topic, e);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw new OutageException(
          "cannot read topic '%s': %s".formatted(topic, ClientFault.of(e)), e);
    }
  }

  /** Some partitions, from their starts to what is committed now. */
  private final class Pass {
    private final SeenRecords seen;
    private final String stream;
    private final Map<TopicPartition, Long> ends;
    private long progressed = System.nanoTime();

    Pass(String topic, List<Integer> partitions, long fromMillis, String stream, SeenRecords seen) {
      this.seen = seen;
      this.stream = stream;
      List<TopicPartition> assigned =
          partitions.stream().map(one -> new TopicPartition(topic, one)).toList();
      consumer.resume(consumer.paused());
      consumer.assign(assigned);
      ends = consumer.endOffsets(assigned, access.timeout());
      Map<TopicPartition, Long> oldest = consumer.beginningOffsets(assigned, access.timeout());
      TopicReader.starts(
              consumer,
              new StartPoint.Time(Instant.ofEpochMilli(Math.max(0, fromMillis))),
              ends,
              access.timeout())
          .forEach(
              (at, start) -> {
                consumer.seek(at, start);
                long first = oldest.getOrDefault(at, 0L);
                if (first > 0 && start <= first) {
                  seen.cut(at.partition());
                }
              });
    }

    void read(Predicate<ConsumerRecord<byte[], byte[]>> more) {
      while (!stopped.getAsBoolean() && isLeft()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
          progressed = System.nanoTime();
          TopicPartition at = new TopicPartition(record.topic(), record.partition());
          if (record.key() == null
              || record.value() == null
              || consumer.paused().contains(at)
              || record.offset() >= ends.getOrDefault(at, 0L)) {
            continue;
          }
          String key = new String(record.key(), UTF_8);
          seen.add(key, record);
          if (key.equals(stream)) {
            seen.found(record.partition());
            if (!more.test(record)) {
              consumer.pause(List.of(at));
            }
          }
        }
      }
    }

    private boolean isLeft() {
      boolean left =
          ends.entrySet().stream()
              .anyMatch(
                  end ->
                      !consumer.paused().contains(end.getKey())
                          && consumer.position(end.getKey(), access.timeout()) < end.getValue());
      if (left && System.nanoTime() - progressed > access.timeout().toNanos()) {
        throw new TimeoutException("no record came");
      }
      return left;
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}

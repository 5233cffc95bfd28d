package io.gatestream.it;

import io.gatestream.schema.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A producer that never stops: sends the recorded frames at a steady rate, over and over, each time
 * as streams of other names, and retries for ever. Streams keep their order and times.
 *
 * <p>A thread of its own sends; one thread starts and stops it. The rate decides only how much is
 * under way when a fault comes: labels depend on what was sent, never on when.
 */
final class SteadyFeed implements AutoCloseable {
  /**
   * Copies that advance side by side, one in each partition: whichever stream is at its turn, no
   * partition waits for frames.
   */
  private static final int LANES = Recorded.PARTITIONS;

  private static final long TICK_MILLIS = 20;

  private final String topic;
  private final int perSecond;
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Copy, Long> lastSequences = new TreeMap<>();
  private final Thread thread = new Thread(this::send, "steady-feed");
  private volatile int sent;
  private volatile boolean stopping;
  private volatile @Nullable Exception failure;

  /** Copy number {@code number} of a recorded stream. */
  private record Copy(String stream, int number) implements Comparable<Copy> {
    /** The first name that lies in the partition of the copy's lane. */
    String name() {
      for (int i = 0; ; i++) {
        String name = "%s~%d~%d".formatted(stream, number, i);
        int hash = Utils.toPositive(Utils.murmur2(Label.key(name)));
        if (hash % Recorded.PARTITIONS == number % LANES) {
          return name;
        }
      }
    }

    @Override
    public int compareTo(Copy other) {
      return Comparator.comparing(Copy::stream).thenComparing(Copy::number).compare(this, other);
    }
  }

  private SteadyFeed(
      Recorded recorded, Kafka to, String topic, int perSecond, Predicate<Frame> sent) {
    this.topic = topic;
    this.perSecond = perSecond;
    records = new ArrayList<>(recorded.kafka().committed(Recorded.FRAMES));
    records.removeIf(record -> !sent.test(Kafka.frame(record.value()).orElseThrow()));
    records.sort(Comparator.comparingLong(ConsumerRecord::offset));
    to.createTopic(topic, Recorded.PARTITIONS);
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                to.bootstrapServers(),
                "acks",
                "all",
                "delivery.timeout.ms",
                Integer.MAX_VALUE,
                "request.timeout.ms",
                5_000,
                "max.block.ms",
                Long.MAX_VALUE),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Makes the topic at {@code to} and begins to send. */
  static SteadyFeed start(Recorded recorded, Kafka to, String topic, int perSecond) {
    return start(new SteadyFeed(recorded, to, topic, perSecond, frame -> true));
  }

  /** As the other, but each record is one frame: the work of a record is that of a step. */
  static SteadyFeed startSingle(Recorded recorded, Kafka to, String topic, int perSecond) {
    return start(
        new SteadyFeed(recorded, to, topic, perSecond, frame -> frame.getFrameCount() == 1));
  }

  private static SteadyFeed start(SteadyFeed feed) {
    feed.thread.start();
    return feed;
  }

  int sent() {
    return sent;
  }

  private void send() {
    try {
      long start = System.nanoTime();
      for (int i = 0; !stopping; i++) {
        int round = i / (records.size() * LANES);
        int lane = i % LANES;
        send(records.get(i / LANES % records.size()), round * LANES + lane);
        sent = i + 1;
        while (!stopping && i * 1_000L / perSecond > (System.nanoTime() - start) / 1_000_000) {
          Thread.sleep(TICK_MILLIS);
        }
      }
      producer.flush();
    } catch (Exception e) {
      failure = e;
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the result
  private void send(ConsumerRecord<byte[], byte[]> record, int number) {
    Frame frame = Kafka.frame(record.value()).orElseThrow();
    Copy copy = new Copy(frame.getStreamId(), number);
    String name = copy.name();
    byte[] value = Kafka.encode(Frame.newBuilder(frame).setStreamId(name).build());
    producer.send(
        new ProducerRecord<>(topic, null, record.timestamp(), Label.key(name), value),
        (at, thrown) -> {
          if (thrown != null) {
            failure = thrown;
          }
        });
    lastSequences.put(copy, frame.getSequence() + frame.getFrameCount() - 1);
  }

  /** Stops sending, waits until everything sent has arrived, and gives the labels that it needs. */
  Labels stop(Labels undisturbed) {
    stopping = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(Running.PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (failure != null || thread.isAlive()) {
      throw new IllegalStateException("not delivered to " + topic, failure);
    }
    Map<String, List<Label>> expected = new TreeMap<>();
    lastSequences.forEach(
        (copy, last) -> {
          String name = copy.name();
          List<Label> labels =
              undisturbed.byStream().getOrDefault(copy.stream(), List.of()).stream()
                  .filter(label -> label.decoded().getSequence() <= last)
                  .map(label -> label.ofStream(name))
                  .toList();
          if (!labels.isEmpty()) {
            expected.put(name, labels);
          }
        });
    return new Labels(expected);
  }

  /** Gives up what is not sent yet. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    producer.close(java.time.Duration.ZERO);
  }
}

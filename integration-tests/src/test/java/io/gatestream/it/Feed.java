package io.gatestream.it;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the records of a frames topic to a new one, as much at a time as a test asks for: so there
 * is work under way at the moment of a fault, however fast the machine is. Keys, values, times,
 * partitions and each stream's order stay.
 */
final class Feed implements AutoCloseable {
  private final String topic;
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private int fed;

  private Feed(
      String bootstrapServers, String topic, List<ConsumerRecord<byte[], byte[]>> records) {
    this.topic = topic;
    this.records = records;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** A feed of all streams, which advance side by side. */
  static Feed of(Kafka kafka, String from, String to) {
    return of(kafka, to, kafka.partitions(from), kafka.committed(from));
  }

  /** A feed of some streams. */
  static Feed of(Kafka kafka, String from, String to, Set<String> streams) {
    return of(
        kafka,
        to,
        kafka.partitions(from),
        kafka.committed(from).stream()
            .filter(record -> streams.contains(new String(record.key(), StandardCharsets.UTF_8)))
            .collect(Collectors.toList()));
  }

  /** A feed of these records to a new topic. */
  static Feed of(
      Kafka kafka, String to, int partitions, List<ConsumerRecord<byte[], byte[]>> records) {
    kafka.createTopic(to, partitions);
    List<ConsumerRecord<byte[], byte[]>> mixed = new ArrayList<>(records);
    mixed.sort(Comparator.comparingLong(ConsumerRecord::offset));
    return new Feed(kafka.bootstrapServers(), to, mixed);
  }

  int size() {
    return records.size();
  }

  int fed() {
    return fed;
  }

  /** Sends records until {@code count} of them have been sent since the beginning. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the result
  void feedTo(int count) {
    for (; fed < Math.min(count, records.size()); fed++) {
      ConsumerRecord<byte[], byte[]> record = records.get(fed);
      producer.send(
          new ProducerRecord<>(
              topic, record.partition(), record.timestamp(), record.key(), record.value()),
          this::delivered);
    }
    flush();
  }

  /** How many records come before the middle one of {@code stream}, in the order of sending. */
  int middleOf(String stream) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      if (stream.equals(new String(records.get(i).key(), StandardCharsets.UTF_8))) {
        places.add(i);
      }
    }
    return places.get(places.size() / 2);
  }

  /** The record of {@code stream} that is sent next. */
  ConsumerRecord<byte[], byte[]> next(String stream) {
    return records.subList(fed, records.size()).stream()
        .filter(record -> stream.equals(new String(record.key(), StandardCharsets.UTF_8)))
        .findFirst()
        .orElseThrow();
  }

  /** Sends another value where {@code before} comes later. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the result
  void insert(ConsumerRecord<byte[], byte[]> before, byte[] value) {
    producer.send(
        new ProducerRecord<>(topic, before.partition(), before.timestamp(), before.key(), value),
        this::delivered);
    flush();
  }

  private void delivered(@Nullable RecordMetadata at, @Nullable Exception thrown) {
    if (thrown != null) {
      failure.compareAndSet(null, thrown);
    }
  }

  private void flush() {
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException("not delivered to " + topic, failure.get());
    }
  }

  void feedAll() {
    feedTo(records.size());
  }

  @Override
  public void close() {
    producer.close();
  }
}

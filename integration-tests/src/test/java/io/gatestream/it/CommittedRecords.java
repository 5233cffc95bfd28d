package io.gatestream.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The committed records of a topic, read as they come. For one thread. */
final class CommittedRecords implements AutoCloseable {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
  private final Consumer<ConsumerRecord<byte[], byte[]>> sink;
  private int count;

  /** Keeps all that is read. */
  CommittedRecords(Kafka kafka, String topic) {
    consumer = kafka.consumer(topic);
    sink = all::add;
  }

  /** Hands all that is read to {@code sink} and keeps nothing. */
  CommittedRecords(Kafka kafka, String topic, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    this.consumer = kafka.consumer(topic);
    this.sink = sink;
  }

  /** Reads what has come; gives the number of all records so far. */
  int count() {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(SHORT);
    polled.forEach(sink);
    count += polled.count();
    return count;
  }

  /** Reads to the last stable offsets of now. */
  void readToEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    Wait.until(
        () -> "the ends " + ends,
        () -> {
          count();
          return ends.entrySet().stream()
              .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        });
  }

  List<ConsumerRecord<byte[], byte[]>> all() {
    return all;
  }

  @Override
  public void close() {
    consumer.close();
  }
}

package io.gatestream.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The committed records of a topic, read as they come. For one thread. */
final class CommittedRecords implements AutoCloseable {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();

  CommittedRecords(Kafka kafka, String topic) {
    consumer = kafka.consumer(topic);
  }

  /** Reads what has come; gives the number of all records so far. */
  int count() {
    consumer.poll(SHORT).forEach(all::add);
    return all.size();
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

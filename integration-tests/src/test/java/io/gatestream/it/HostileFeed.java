package io.gatestream.it;

import io.gatestream.hostile.HostileRecord;
import io.gatestream.hostile.HostileRecords;
import io.gatestream.hostile.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends hostile records and remembers what lies where. For one thread. */
final class HostileFeed implements AutoCloseable {
  private static final int LARGEST = 8 << 20;
  private static final int AT_ONCE = 500;

  private final String topic;
  private final HostileRecords records;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Position, Mutation> sent = new java.util.LinkedHashMap<>();

  HostileFeed(Kafka kafka, String topic, HostileRecords records) {
    this.topic = topic;
    this.records = records;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "acks",
                "all",
                "linger.ms",
                5,
                "max.request.size",
                LARGEST),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends so many more. */
  void send(int count) {
    for (int left = count; left > 0; left -= AT_ONCE) {
      List<HostileRecord> some = records.next(Math.min(left, AT_ONCE));
      List<Future<RecordMetadata>> places = new ArrayList<>();
      for (HostileRecord record : some) {
        places.add(
            producer.send(
                new ProducerRecord<>(
                    topic, null, record.timestamp(), record.key(), record.value())));
      }
      producer.flush();
      for (int i = 0; i < some.size(); i++) {
        RecordMetadata place = get(places.get(i));
        sent.put(new Position(place.partition(), place.offset()), some.get(i).mutation());
      }
    }
  }

  private static RecordMetadata get(Future<RecordMetadata> place) {
    try {
      return place.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("not delivered", e.getCause());
    }
  }

  /** All that was sent, in its order. */
  Map<Position, Mutation> sent() {
    return sent;
  }

  @Override
  public void close() {
    producer.close();
  }
}

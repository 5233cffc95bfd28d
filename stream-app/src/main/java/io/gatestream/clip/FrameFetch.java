package io.gatestream.clip;

import io.gatestream.config.KafkaAccess;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.GrouplessConsumer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads records by their places, and goes through a partition where the places ascend. Holds what
 * one poll gives. For one thread.
 */
final class FrameFetch implements AutoCloseable {
  private static final Duration WAIT = Duration.ofMillis(250);
  private static final int RECORDS = 64;

  private final KafkaAccess access;
  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final Deque<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
  private int partition = -1;
  private long position;

  FrameFetch(KafkaAccess access, String topic) {
    this.access = access;
    this.topic = topic;
    this.consumer =
        GrouplessConsumer.open(access, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS));
  }

  /**
   * The value of a record that was there; empty where it is gone meanwhile.
   *
   * @throws io.gatestream.errors.OutageException no broker answers
   */
  Optional<byte[]> value(int partition, long offset) {
    if (partition != this.partition || offset < position) {
      seek(partition, offset);
    }
    try {
      return next(offset);
    } catch (TimeoutException e) {
      throw ClientFault.noAnswer(access, e);
    }
  }

  private Optional<byte[]> next(long offset) {
    position = offset + 1;
    long until = System.nanoTime() + access.timeout().toNanos();
    while (true) {
      while (!polled.isEmpty() && polled.element().offset() < offset) {
        polled.remove();
      }
      if (!polled.isEmpty()) {
        return polled.element().offset() == offset
            ? Optional.of(polled.remove().value())
            : Optional.empty();
      }
      if (consumer.position(new TopicPartition(topic, partition), access.timeout()) > offset) {
        return Optional.empty();
      }
      consumer.poll(WAIT).forEach(polled::add);
      if (!polled.isEmpty()) {
        until = System.nanoTime() + access.timeout().toNanos();
      } else if (System.nanoTime() > until) {
        throw new TimeoutException("no record came");
      }
    }
  }

  private void seek(int partition, long offset) {
    TopicPartition at = new TopicPartition(topic, partition);
    polled.clear();
    consumer.assign(List.of(at));
    consumer.seek(at, offset);
    this.partition = partition;
  }

  @Override
  public void close() {
    consumer.close();
  }
}

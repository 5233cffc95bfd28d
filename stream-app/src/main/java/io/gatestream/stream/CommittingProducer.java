package io.gatestream.stream;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's producer, but a commit that does not end in time ends its stream thread, which is
 * replaced and begins with a producer and tasks of its own.
 *
 * <p>Kafka Streams 4.3.1 goes on with the thread and revives its tasks, which loses states: it
 * commits again what may lack its offsets, the abort of the revived tasks is then refused, so they
 * keep the changelog offsets that they had written, and where they are closed while they are being
 * restored these offsets are noted beside the wiped store. The next owner finds nothing to restore.
 */
final class CommittingProducer extends KafkaProducer<byte[], byte[]> {
  CommittingProducer(Map<String, Object> config) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * As Kafka's.
   *
   * @throws KafkaException also where Kafka's throws a {@link TimeoutException}, which is its cause
   */
  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    try {
      super.sendOffsetsToTransaction(offsets, group);
    } catch (TimeoutException e) {
      throw unknown(e);
    }
  }

  /**
   * As Kafka's.
   *
   * @throws KafkaException also where Kafka's throws a {@link TimeoutException}, which is its cause
   */
  @Override
  public void commitTransaction() {
    try {
      super.commitTransaction();
    } catch (TimeoutException e) {
      throw unknown(e);
    }
  }

  private static KafkaException unknown(TimeoutException e) {
    return new KafkaException("what became of the transaction is not known: " + e.getMessage(), e);
  }
}

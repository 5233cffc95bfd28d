package io.gatestream.stream.passes;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's producer, but it tells what becomes of its thread's {@link Passes}, and a commit that
 * does not end in time ends its stream thread, which is replaced and begins with a producer and
 * tasks of its own.
 *
 * <p>Kafka Streams 4.3.1 goes on with the thread and revives its tasks, which loses states: it
 * commits again what may lack its offsets, the abort of the revived tasks is then refused, so they
 * keep the changelog offsets that they had written, and where they are closed while they are being
 * restored these offsets are noted beside the wiped store. The next owner finds nothing to restore.
 *
 * <p>Called by its stream thread. Kafka Streams makes another after each pass that was lost.
 */
final class CommittingProducer extends KafkaProducer<byte[], byte[]> {
  private final Passes passes;
  private boolean open;

  /** Why the brokers have refused this producer; told when its work is given up. */
  private volatile String refusal = "its partitions went to another instance, or a task failed";

  CommittingProducer(Map<String, Object> config, Passes passes) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.passes = passes;
  }

  @Override
  public void beginTransaction() {
    super.beginTransaction();
    open = true;
    passes.begun();
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    return super.send(
        record,
        (metadata, thrown) -> {
          if (thrown != null) {
            refusal = thrown.toString();
          }
          if (callback != null) {
            callback.onCompletion(metadata, thrown);
          }
        });
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
    } catch (CommitFailedException e) {
      refusal = "the instance is no longer a member of its group (" + e.getMessage() + ")";
      throw e;
    } catch (KafkaException e) {
      refusal = e.toString();
      throw e;
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
    } catch (KafkaException e) {
      refusal = e.toString();
      throw e;
    }
    open = false;
    passes.committed();
  }

  /** As Kafka's; called for every open transaction that is not committed, also of a fenced one. */
  @Override
  public void abortTransaction() {
    if (open) {
      open = false;
      passes.lost(refusal);
    }
    super.abortTransaction();
  }

  private static KafkaException unknown(TimeoutException e) {
    return new KafkaException("what became of the transaction is not known: " + e.getMessage(), e);
  }
}

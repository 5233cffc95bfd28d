package io.gatestream.ingest;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.FrameCodec;
import io.gatestream.kafka.ClientFault;
import io.gatestream.schema.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Frames into a Kafka topic. A frame that is not delivered fails its stream at the next send or
 * flush. Thread-safe; closing waits for what is under way.
 */
public final class KafkaFrameSink implements FrameSink, AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final FrameCodec codec;
  private final String topic;
  private final Map<String, Exception> failures = new ConcurrentHashMap<>();

  /** Takes the producer over. */
  KafkaFrameSink(Producer<byte[], byte[]> producer, FrameCodec codec, String topic) {
    this.producer = producer;
    this.codec = codec;
    this.topic = topic;
  }

  /**
   * Opens a producer.
   *
   * @param bufferBytes memory for frames that are under way, and the largest request
   * @throws ConfigException a client setting that ingest decides itself, or one that Kafka refuses
   */
  public static KafkaFrameSink open(
      KafkaAccess access, FrameCodec codec, String topic, long bufferBytes) {
    ByteArraySerializer bytes = new ByteArraySerializer();
    try {
      return new KafkaFrameSink(
          new KafkaProducer<>(ProducerSettings.of(access, bufferBytes), bytes, bytes),
          codec,
          topic);
    } catch (KafkaException e) {
      throw ClientFault.inSettings(e);
    }
  }

  /**
   * Finds the topic, or creates it.
   *
   * @param create whether a missing topic is created
   * @throws ConfigException it is missing
   * @throws OutageException the broker does not answer in time, or refuses
   */
  public static void checkTopic(
      KafkaAccess access, String topic, boolean create, int partitions, int maxMessageBytes)
      throws InterruptedException {
    new FramesTopic(access, topic).check(create, partitions, maxMessageBytes);
  }

  /**
   * Bytes that the topic takes of one record.
   *
   * @return Kafka's default where the topic's own limit may not be read
   */
  public static long mostRecordBytes(KafkaAccess access, String topic) throws InterruptedException {
    return new FramesTopic(access, topic).mostRecordBytes();
  }

  @Override
  public void send(Frame frame) throws DeliveryException {
    send(frame, delivered -> {});
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the result
  public void send(Frame frame, Receipt receipt) throws DeliveryException {
    String stream = frame.getStreamId();
    throwFailure(stream);
    try {
      producer.send(
          new ProducerRecord<>(
              topic,
              null,
              frame.getCaptureTime().toEpochMilli(),
              stream.getBytes(StandardCharsets.UTF_8),
              codec.encode(frame)),
          (metadata, failure) -> {
            if (failure != null) {
              failures.putIfAbsent(stream, failure);
            }
            receipt.arrived(failure == null);
          });
    } catch (KafkaException e) {
      failures.putIfAbsent(stream, e);
      receipt.arrived(false);
    }
    throwFailure(stream);
  }

  @Override
  public void flush(String streamId) throws DeliveryException {
    producer.flush();
    throwFailure(streamId);
  }

  private void throwFailure(String stream) throws DeliveryException {
    Exception failure = failures.get(stream);
    if (failure != null) {
      String advice =
          failure instanceof RecordTooLargeException
              ? "the frame is larger than Kafka takes: lower --quality, --size or --segment-seconds, or raise max.message.bytes of the topic (and --in-flight): "
              : "";
      throw new DeliveryException(
          "stream '%s' to topic '%s': %s%s".formatted(stream, topic, advice, failure.getMessage()),
          failure);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}

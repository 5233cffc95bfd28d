package io.gatestream.ingest;

import io.gatestream.config.ConfigException;
import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.FrameCodec;
import io.gatestream.schema.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
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
   */
  public static KafkaFrameSink open(
      KafkaAccess access, FrameCodec codec, String topic, long bufferBytes) {
    Map<String, Object> config = access.toClientConfig();
    int timeout = Math.toIntExact(Math.max(1_000, access.timeout().toMillis()));
    config.put("acks", "all");
    config.put("enable.idempotence", "true");
    config.put("compression.type", "none");
    config.put("buffer.memory", bufferBytes);
    config.put("max.request.size", Math.toIntExact(Math.min(bufferBytes, 1 << 28)));
    config.put("linger.ms", 5);
    config.put("max.block.ms", timeout);
    config.put("request.timeout.ms", Math.max(500, timeout / 2));
    config.put("delivery.timeout.ms", timeout + 5);
    ByteArraySerializer bytes = new ByteArraySerializer();
    return new KafkaFrameSink(new KafkaProducer<>(config, bytes, bytes), codec, topic);
  }

  /**
   * Finds the topic, or creates it.
   *
   * @param create whether a missing topic is created
   * @throws ConfigException it is missing, or the broker does not answer in time
   */
  public static void checkTopic(
      KafkaAccess access, String topic, boolean create, int partitions, int maxMessageBytes)
      throws InterruptedException {
    long millis = access.timeout().toMillis();
    Map<String, Object> config = access.toClientConfig();
    // closing waits for calls under way
    config.putIfAbsent("default.api.timeout.ms", Math.toIntExact(millis));
    config.putIfAbsent("request.timeout.ms", Math.toIntExact(Math.min(millis, 30_000)));
    try (Admin admin = Admin.create(config)) {
      try {
        admin
            .describeTopics(java.util.List.of(topic))
            .allTopicNames()
            .get(millis, TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        if (!create) {
          throw new ConfigException(
              "topic '%s' is missing: add --create-topics, or create it".formatted(topic), e);
        }
        NewTopic fresh =
            new NewTopic(topic, java.util.Optional.of(partitions), java.util.Optional.empty())
                .configs(
                    Map.of(
                        "max.message.bytes",
                        Integer.toString(maxMessageBytes),
                        "message.timestamp.after.max.ms",
                        Long.toString(Long.MAX_VALUE)));
        admin.createTopics(java.util.List.of(fresh)).all().get(millis, TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      throw new IllegalStateException(
          "no answer about topic '%s' from %s within %d s: %s"
              .formatted(topic, access.bootstrapServers(), millis / 1_000, cause),
          e);
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the result
  public void send(Frame frame) throws DeliveryException {
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
          });
    } catch (org.apache.kafka.common.KafkaException e) {
      failures.putIfAbsent(stream, e);
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
              ? "frame larger than the broker takes: raise max.message.bytes of the topic or lower --quality or --size: "
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

package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaFrameSinkTest {
  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final KafkaFrameSink sink = new KafkaFrameSink(producer, codec, "frames-x");

  private static Frame frame(String stream) {
    return Frame.newBuilder()
        .setStreamId(stream)
        .setSession(Instant.parse("2026-01-02T03:04:05Z"))
        .setSequence(7)
        .setCaptureTime(Instant.parse("2026-01-02T03:04:06.123456Z"))
        .setSourceTime(1_123_456)
        .setEncoding(Encoding.JPEG)
        .setPayload(ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .build();
  }

  @Test
  void recordHasTheStreamAsKeyAndTheCaptureTimeInMilliseconds() throws Exception {
    sink.send(frame("tür-1"));
    ProducerRecord<byte[], byte[]> record = producer.history().get(0);
    assertThat(record.topic()).isEqualTo("frames-x");
    assertThat(record.partition()).isNull();
    assertThat(record.key()).isEqualTo("tür-1".getBytes(StandardCharsets.UTF_8));
    assertThat(record.timestamp())
        .isEqualTo(Instant.parse("2026-01-02T03:04:06.123Z").toEpochMilli());
    assertThat(record.value()).isEqualTo(codec.encode(frame("tür-1")));
  }

  @Test
  void undeliveredFrameFailsItsOwnStreamOnly() throws Exception {
    sink.send(frame("big"));
    producer.errorNext(new RecordTooLargeException("of 9 bytes"));
    assertThatThrownBy(() -> sink.send(frame("big")))
        .isInstanceOf(DeliveryException.class)
        .hasMessageContainingAll(
            "'big'", "'frames-x'", "--quality", "max.message.bytes", "9 bytes");
    assertThatCode(() -> sink.send(frame("small"))).doesNotThrowAnyException();
    producer.completeNext();
    assertThatCode(() -> sink.flush("small")).doesNotThrowAnyException();
    assertThatThrownBy(() -> sink.flush("big")).isInstanceOf(DeliveryException.class);
  }

  @Test
  void receiptsTellDeliveredFramesFromRefusedOnes() throws Exception {
    List<Boolean> receipts = new ArrayList<>();
    sink.send(frame("a"), receipts::add);
    sink.send(frame("a"), receipts::add);
    assertThat(receipts).as("on their way").isEmpty();
    producer.completeNext();
    producer.errorNext(new RecordTooLargeException("of 9 bytes"));
    assertThat(receipts).containsExactly(true, false);
  }

  @Test
  void usersSettingsWinOverTuning() {
    Map<String, Object> config = settings(Map.of("linger.ms", "50", "compression.type", "zstd"));
    assertThat(config)
        .containsEntry("linger.ms", "50")
        .containsEntry("compression.type", "zstd")
        .containsEntry("buffer.memory", 1L << 20)
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", "true");
    assertThat(settings(Map.of("acks", "-1"))).containsEntry("acks", "all");
  }

  @Test
  void requiredSettingsAreRefusedByName() {
    assertThatThrownBy(
            () ->
                settings(
                    Map.of("acks", "1", "enable.idempotence", "false", "key.serializer", "x.Y")))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(3))
        .hasMessageContainingAll("kafka.acks", "kafka.enable.idempotence", "kafka.key.serializer");
  }

  private static Map<String, Object> settings(Map<String, String> user) {
    return ProducerSettings.of(
        new KafkaAccess("localhost:1", user, Duration.ofSeconds(30)), 1L << 20);
  }
}

package io.gatestream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.frame.SingleObjectHeader;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.RangeReader;
import io.gatestream.schema.Frame;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics of a real broker. */
@Tag("process")
@Timeout(180)
class FramesProbeTest {
  private static final byte[] JSON = "{\"label\": \"left\"}".getBytes(UTF_8);

  /** As far as a damaged frame goes. */
  private static final byte[] FRAME =
      new SingleObjectHeader(Frame.getClassSchema()).write(0).bytes();

  @TempDir static Path folder;

  private static EmbeddedBroker broker;
  private static Brokers brokers;
  private static RangeReader reader;

  @BeforeAll
  static void open() {
    broker = EmbeddedBroker.start(0, folder.resolve("broker"));
    KafkaAccess access = KafkaAccess.of(broker.bootstrapServers());
    brokers = new Brokers(access);
    reader = RangeReader.committed(access);
  }

  @AfterAll
  static void close() {
    reader.close();
    brokers.close();
    broker.close();
  }

  @Test
  void topicOfSomethingElseIsRefusedWithWhatItHolds() {
    Map<Integer, ReplayPlan.Span> spans = send("events", JSON, JSON, JSON);

    assertThatThrownBy(() -> FramesProbe.requireFrames(reader, "events", spans))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("topic 'events' holds no frames: events-0@0 is JSON");
  }

  @Test
  void frameAmongOthersIsEnough() {
    Map<Integer, ReplayPlan.Span> spans = send("mixed", JSON, JSON, FRAME);

    assertThatCode(() -> FramesProbe.requireFrames(reader, "mixed", spans))
        .doesNotThrowAnyException();
  }

  @Test
  void requestsForResetsAreNothingElse() {
    Map<Integer, ReplayPlan.Span> spans = send("resets", new byte[][] {null, null});

    assertThatCode(() -> FramesProbe.requireFrames(reader, "resets", spans))
        .doesNotThrowAnyException();
  }

  @Test
  void emptyRangeIsNothingElse() {
    send("empty", JSON);

    assertThatCode(
            () -> FramesProbe.requireFrames(reader, "empty", Map.of(0, new ReplayPlan.Span(1, 1))))
        .doesNotThrowAnyException();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the test reads what was sent
  private static Map<Integer, ReplayPlan.Span> send(String topic, byte[]... values) {
    brokers.topics().create(topic, 1, 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers())),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>(topic, 0, new byte[] {'k'}, value));
      }
    }
    return Map.of(0, new ReplayPlan.Span(0, values.length));
  }
}

package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LastSessionsTest {
  private static final TopicPartition FRAMES = new TopicPartition("frames", 0);
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
  private final List<ConsumerRecord<byte[], byte[]>> topic = new ArrayList<>();

  /** Gives the records from the position on, as a broker does. */
  private MockConsumer<byte[], byte[]> consumer() {
    MockConsumer<byte[], byte[]> consumer =
        new MockConsumer<>("earliest") {
          @Override
          public synchronized void seek(TopicPartition partition, long offset) {
            super.seek(partition, offset);
            topic.stream().filter(record -> record.offset() >= offset).forEach(this::addRecord);
          }
        };
    consumer.updatePartitions(
        "frames", List.of(new PartitionInfo("frames", 0, new Node(0, "h", 1), null, null)));
    consumer.updateBeginningOffsets(Map.of(FRAMES, 0L));
    consumer.updateEndOffsets(Map.of(FRAMES, (long) topic.size()));
    return consumer;
  }

  private void add(String stream, Instant session) {
    Frame frame =
        Frame.newBuilder()
            .setStreamId(stream)
            .setSession(session)
            .setSequence(topic.size())
            .setCaptureTime(NOW)
            .setSourceTime(0)
            .setEncoding(Encoding.JPEG)
            .setPayload(ByteBuffer.allocate(3))
            .build();
    add(stream, codec.encode(frame));
  }

  private void add(String stream, byte @Nullable [] value) {
    topic.add(
        new ConsumerRecord<>(
            "frames", 0, topic.size(), stream.getBytes(StandardCharsets.UTF_8), value));
  }

  private Map<String, Instant> read(String... streams) {
    return LastSessions.read(consumer(), "frames", List.of(streams), LIMIT);
  }

  @Test
  void theNewestSessionOfEachStreamIsFound() {
    add("door", NOW.plusSeconds(7));
    add("gate", NOW);
    add("door", NOW);
    add("door", new byte[] {1, 2, 3});
    add("door", (byte[]) null);
    assertThat(read("door", "gate", "new"))
        .isEqualTo(Map.of("door", NOW.plusSeconds(7), "gate", NOW));
    assertThat(read("gate")).containsOnlyKeys("gate");
  }

  @Test
  void aStreamBehindManyRecordsOfAnotherIsFoundWithinTheBound() {
    add("forgotten", NOW);
    for (int i = 0; i < 100; i++) {
      add("other", NOW);
    }
    add("quiet", NOW);
    for (int i = 0; i < 150; i++) {
      add("other", NOW);
    }
    assertThat(read("quiet", "forgotten")).containsOnlyKeys("quiet");
  }

  @Test
  void anEmptyTopicKnowsNone() {
    assertThat(read("door")).isEmpty();
  }

  @Test
  void aSessionComesAfterTheLastOne() {
    List<String> warnings = new ArrayList<>();
    FrameSink sink =
        new SessionedSink(
            new CollectedFrames(),
            Map.of("ahead", NOW.plusSeconds(3_600), "close", NOW, "before", NOW.minusSeconds(1)));
    assertThat(sink.session("new", NOW, warnings::add)).isEqualTo(NOW);
    assertThat(sink.session("before", NOW, warnings::add)).isEqualTo(NOW);
    assertThat(sink.session("close", NOW, warnings::add)).isEqualTo(NOW.plusNanos(1_000));
    assertThat(warnings).isEmpty();
    assertThat(sink.session("ahead", NOW, warnings::add))
        .isEqualTo(NOW.plusSeconds(3_600).plusNanos(1_000));
    assertThat(warnings).hasSize(1).first().asString().contains("clock says 2026-11-29T12:00:00Z");
  }
}

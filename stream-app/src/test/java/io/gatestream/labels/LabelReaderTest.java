package io.gatestream.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.evaluate.Labels;
import io.gatestream.frame.LabelCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LabelReaderTest {
  private static final TopicPartition ZERO = new TopicPartition("labels", 0);
  private static final TopicPartition ONE = new TopicPartition("labels", 1);
  private static final KafkaAccess ACCESS = KafkaAccess.of("localhost:9092");

  private final LabelCodec codec = new LabelCodec();
  private final List<String> complaints = new ArrayList<>();
  private final Map<TopicPartition, Long> startsByTime = new HashMap<>();
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>("earliest") {
        @Override
        public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times, Duration timeout) {
          Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
          times.forEach(
              (partition, time) -> {
                Long start = startsByTime.get(partition);
                found.put(partition, start == null ? null : new OffsetAndTimestamp(start, time));
              });
          return found;
        }
      };

  @Test
  void caughtUpComparesPositionsSinceMarkersLeaveHoles() {
    topic(Map.of(ZERO, 4L, ONE, 0L));
    try (LabelReader reader = open(new StartPoint.Beginning())) {
      assertThat(reader.caughtUp()).isFalse();
      record(ZERO, 0, 0);
      record(ZERO, 2, 0); // offset 1 and 3 are markers
      assertThat(reader.poll(Duration.ZERO)).extracting(ReadLabel::offset).containsExactly(0L, 2L);
      assertThat(reader.caughtUp()).isFalse();
      // a real consumer moves its position over a marker without returning it
      consumer.seek(ZERO, 4);
      assertThat(reader.poll(Duration.ZERO)).isEmpty();
      assertThat(reader.caughtUp()).isTrue();
    }
  }

  @Test
  void labelsCommittedAfterTheOpeningAreToldApart() {
    topic(Map.of(ZERO, 1L, ONE, 5L));
    try (LabelReader reader = open(new StartPoint.Beginning())) {
      record(ZERO, 0, 0);
      record(ZERO, 1, 0);
      assertThat(reader.poll(Duration.ZERO))
          .extracting(reader::beforeEnd)
          .containsExactly(true, false);
    }
  }

  @Test
  void recordIsHandedOverWhole() {
    topic(Map.of(ZERO, 1L));
    try (LabelReader reader = open(new StartPoint.Beginning())) {
      record(ZERO, 0, 77);
      ReadLabel read = reader.poll(Duration.ZERO).get(0);
      assertThat(read.partition()).isZero();
      assertThat(read.key()).contains("cam");
      assertThat(read.timestamp()).isEqualTo(77);
      assertThat(read.label()).isEqualTo(Labels.label("cam", 0, "left"));
      read.value()[0] = 0;
      assertThat(read.value()).isEqualTo(codec.encode(Labels.label("cam", 0, "left")));
    }
  }

  @Test
  void recordsThatAreNoLabelsAreNamedCountedAndPassedOver() {
    topic(Map.of(ZERO, 3L));
    try (LabelReader reader = open(new StartPoint.Beginning())) {
      add(ZERO, 0, 0, new byte[] {1, 2, 3});
      add(ZERO, 1, 0, null);
      record(ZERO, 2, 0);
      assertThat(reader.poll(Duration.ZERO)).hasSize(1);
      assertThat(reader.unparsable()).isEqualTo(2);
      assertThat(complaints).hasSize(2);
      assertThat(complaints.get(0)).startsWith("labels-0@0: ").contains("Avro single object");
      assertThat(complaints.get(1)).isEqualTo("labels-0@1: a record without a value");
      assertThat(reader.caughtUp()).isTrue();
    }
  }

  @Test
  void fromEndSkipsWhatIsCommitted() {
    topic(Map.of(ZERO, 2L));
    try (LabelReader reader = open(new StartPoint.End())) {
      assertThat(reader.caughtUp()).isTrue();
      assertThat(consumer.position(ZERO)).isEqualTo(2);
    }
  }

  @Test
  void fromATimeStartsThereAndDropsOlderStragglers() {
    topic(Map.of(ZERO, 10L, ONE, 10L));
    startsByTime.put(ZERO, 4L);
    try (LabelReader reader = open(new StartPoint.Time(Instant.ofEpochMilli(1000)))) {
      assertThat(consumer.position(ZERO)).isEqualTo(4);
      assertThat(consumer.position(ONE)).isEqualTo(10);
      record(ZERO, 4, 1000);
      record(ZERO, 5, 999);
      record(ZERO, 6, 1001);
      assertThat(reader.poll(Duration.ZERO)).extracting(ReadLabel::offset).containsExactly(4L, 6L);
    }
  }

  @Test
  void missingTopicIsNamed() {
    assertThatThrownBy(() -> open(new StartPoint.Beginning()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("topic 'labels' does not exist on localhost:9092");
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void brokerThatDoesNotAnswerIsNamed() {
    topic(Map.of(ZERO, 1L));
    consumer.setOffsetsException(new TimeoutException("no"));
    assertThatThrownBy(() -> open(new StartPoint.Beginning()))
        .isInstanceOf(OutageException.class)
        .hasMessageStartingWith("no Kafka broker answers at localhost:9092 within 30 s");
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void closeDuringAPollEndsItWithoutAnError() {
    topic(Map.of(ZERO, 1L));
    LabelReader reader = open(new StartPoint.Beginning());
    consumer.schedulePollTask(reader::close);
    record(ZERO, 0, 0);
    reader.poll(Duration.ZERO);
    assertThat(reader.stopped()).isTrue();
    assertThat(consumer.closed()).isTrue();
    assertThat(reader.poll(Duration.ZERO)).isEmpty();
    reader.close();
  }

  @Test
  void startPointsAreParsed() {
    assertThat(StartPoint.parse("beginning")).isEqualTo(new StartPoint.Beginning());
    assertThat(StartPoint.parse("end")).isEqualTo(new StartPoint.End());
    assertThat(StartPoint.parse("2026-11-01T10:30:00+01:00"))
        .isEqualTo(new StartPoint.Time(Instant.parse("2026-11-01T09:30:00Z")));
    assertThatThrownBy(() -> StartPoint.parse("2026-11-01T10:30:00"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--from is '2026-11-01T10:30:00'");
  }

  private LabelReader open(StartPoint from) {
    return LabelReader.open(consumer, "labels", ACCESS, from, codec::decode, complaints::add);
  }

  private void topic(Map<TopicPartition, Long> ends) {
    Node node = new Node(0, "localhost", 9092);
    Map<TopicPartition, Long> beginnings = new HashMap<>();
    List<PartitionInfo> infos = new ArrayList<>();
    ends.forEach(
        (partition, end) -> {
          beginnings.put(partition, 0L);
          infos.add(
              new PartitionInfo("labels", partition.partition(), node, new Node[0], new Node[0]));
        });
    consumer.updatePartitions("labels", infos);
    consumer.updateBeginningOffsets(beginnings);
    consumer.updateEndOffsets(ends);
  }

  private void record(TopicPartition partition, long offset, long timestamp) {
    add(partition, offset, timestamp, codec.encode(Labels.label("cam", 0, "left")));
  }

  private void add(TopicPartition partition, long offset, long timestamp, byte @Nullable [] value) {
    byte[] key = {'c', 'a', 'm'};
    consumer.addRecord(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            offset,
            timestamp,
            TimestampType.CREATE_TIME,
            key.length,
            value == null ? 0 : value.length,
            key,
            value,
            new RecordHeaders(),
            Optional.empty()));
  }
}

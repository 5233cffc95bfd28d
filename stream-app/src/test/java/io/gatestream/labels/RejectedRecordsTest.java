package io.gatestream.labels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RejectedRecordsTest {
  private static final TopicPartition ZERO = new TopicPartition("rejects", 0);
  private static final KafkaAccess ACCESS = KafkaAccess.of("localhost:9092");

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

  private RejectedRecords open(long end) {
    consumer.updatePartitions(
        "rejects", List.of(new PartitionInfo("rejects", 0, new Node(0, "h", 1), null, null)));
    consumer.updateBeginningOffsets(Map.of(ZERO, 0L));
    consumer.updateEndOffsets(Map.of(ZERO, end));
    return RejectedRecords.open(consumer, ACCESS, "rejects", new StartPoint.Beginning());
  }

  private void add(long offset, byte @Nullable [] key, byte @Nullable [] value, String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.add("gatestream." + headers[i], headers[i + 1].getBytes(UTF_8));
    }
    consumer.addRecord(
        new ConsumerRecord<>(
            "rejects",
            0,
            offset,
            5,
            TimestampType.CREATE_TIME,
            0,
            0,
            key,
            value,
            all,
            Optional.empty()));
  }

  @Test
  void headersAndLikelyCauseAreTold() {
    try (RejectedRecords records = open(4)) {
      add(
          0,
          "cam".getBytes(UTF_8),
          new byte[] {0, 0, 0, 0, 1, 2, 3},
          "reason",
          "UNPARSABLE",
          "message",
          "no header",
          "topic",
          "frames",
          "partition",
          "2",
          "offset",
          "77");
      add(1, null, new byte[0], "reason", "TOO_LARGE", "omitted.bytes", "99");
      add(2, "cam".getBytes(UTF_8), null);
      assertThat(records.caughtUp()).isFalse();
      List<RejectedRecord> read = records.poll(Duration.ZERO);
      assertThat(read).hasSize(3).allMatch(records::beforeEnd);
      RejectedRecord first = read.get(0);
      assertThat(first.stream()).contains("cam");
      assertThat(first.reason()).isEqualTo("UNPARSABLE");
      assertThat(first.message()).isEqualTo("no header");
      assertThat(first.origin()).contains("frames-2@77");
      assertThat(first.valueBytes()).hasValue(7);
      assertThat(first.likelyCause().orElse("")).contains("schema registry");
      assertThat(read.get(1).stream()).isEmpty();
      assertThat(read.get(1).omitted()).isTrue();
      assertThat(read.get(1).valueBytes()).hasValue(99);
      assertThat(read.get(2).reason()).as("no rejected record").isEqualTo("UNKNOWN");
      consumer.seek(ZERO, 4);
      assertThat(records.caughtUp()).isTrue();
    }
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void aStopEndsIt() {
    try (RejectedRecords records = open(4)) {
      records.stop();
      assertThat(records.caughtUp()).isTrue();
      assertThat(records.poll(Duration.ofMinutes(1))).isEmpty();
    }
  }

  @Test
  void aMissingTopicIsNamed() {
    assertThatThrownBy(
            () -> RejectedRecords.open(consumer, ACCESS, "nowhere", new StartPoint.Beginning()))
        .isInstanceOf(io.gatestream.errors.ConfigException.class)
        .hasMessageContaining("'nowhere' does not exist");
    assertThat(consumer.closed()).isTrue();
  }
}

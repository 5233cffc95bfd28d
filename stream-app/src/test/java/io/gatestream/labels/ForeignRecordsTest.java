package io.gatestream.labels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ForeignRecordsTest {
  private final ForeignRecords records = new ForeignRecords("frames", "labels");

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(frame(), "a frame"),
        Arguments.of(bytes(0xFF, 0xD8, 0xFF, 0xE0), "a bare JPEG picture"),
        Arguments.of(bytes(0x89, 'P', 'N', 'G', '\r'), "a bare PNG picture"),
        Arguments.of(
            bytes(0, 0, 0, 0, 7, 2, 9), "in the framing of a schema registry (it begins with 00)"),
        Arguments.of(bytes(0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9), "Avro of another schema"),
        Arguments.of("{\"a\": 1}".getBytes(UTF_8), "JSON"),
        Arguments.of("[]".getBytes(UTF_8), "JSON"),
        Arguments.of("hello".getBytes(UTF_8), "text"),
        Arguments.of(bytes(), "of no known format"),
        Arguments.of(bytes(1, 2, 3), "of no known format"),
        Arguments.of(null, "a record without a value"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void topicOfSomethingElseIsRefusedWithWhatItHolds(byte @Nullable [] value, String kind) {
    records.add(record(7, value));
    records.add(record(8, value));

    assertThatThrownBy(() -> records.requireOwn(true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("topic 'frames' holds no labels")
        .hasMessageContaining("of 2 records")
        .hasMessageContaining("frames-3@7 is " + kind);
  }

  @Test
  void rejectedRecordIsNamedSo() {
    ConsumerRecord<byte[], byte[]> rejected = record(0, frame());
    rejected.headers().add(RejectedRecords.REASON, "CORRUPT".getBytes(UTF_8));

    assertThat(records.add(rejected)).isEqualTo("a rejected record");
  }

  @Test
  void fewAreNoReasonToStopBeforeTheEnd() {
    for (int i = 0; i < ForeignRecords.MOST_WITHOUT_AN_OWN - 1; i++) {
      records.add(record(i, bytes(1)));
    }
    assertThatCode(() -> records.requireOwn(false)).doesNotThrowAnyException();

    records.add(record(9_999, bytes(1)));

    assertThatThrownBy(() -> records.requireOwn(false)).isInstanceOf(ConfigException.class);
  }

  @Test
  void topicWithLabelsIsReadAndTheOthersAreToldOnce() {
    for (int i = 0; i < 2 * ForeignRecords.MOST_WITHOUT_AN_OWN; i++) {
      records.add(record(i, bytes(1)));
    }
    records.addOwn();

    assertThatCode(() -> records.requireOwn(true)).doesNotThrowAnyException();
    assertThat(records.tell())
        .contains(
            "2000 of 2001 records in topic 'frames' are no labels and are left out: frames-3@0 is of no known format");
    assertThat(records.tell()).isEmpty();
  }

  @Test
  void emptyTopicIsNothingToTell() {
    assertThatCode(() -> records.requireOwn(true)).doesNotThrowAnyException();
    assertThat(records.tell()).isEmpty();
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        "frames",
        3,
        offset,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        new byte[0],
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  private static byte[] bytes(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return bytes;
  }

  private static byte[] frame() {
    return new AvroFrameCodec(FrameLimits.DEFAULT)
        .encode(
            Frame.newBuilder()
                .setStreamId("cam")
                .setSession(Instant.EPOCH)
                .setSequence(0)
                .setFrameCount(1)
                .setCaptureTime(Instant.EPOCH)
                .setSourceTime(0)
                .setEncoding(Encoding.JPEG)
                .setPayload(ByteBuffer.wrap(new byte[] {1}))
                .setAuxiliary(List.of())
                .build());
  }
}

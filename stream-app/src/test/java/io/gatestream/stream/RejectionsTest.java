package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

class RejectionsTest {
  private static final int MAX = 2_000;
  private final Rejections rejections = new Rejections(MAX);

  private static final RecordMetadata AT =
      new RecordMetadata() {
        @Override
        public String topic() {
          return "frames";
        }

        @Override
        public int partition() {
          return 3;
        }

        @Override
        public long offset() {
          return 77;
        }
      };

  private Record<byte[], byte[]> rejected(
      byte @Nullable [] key, byte @Nullable [] value, String message, Headers headers) {
    return rejections.of(
        new Record<>(key, value, 5, headers),
        AT,
        new FrameDecodeException(Reason.CORRUPT, message));
  }

  private static Optional<String> header(Record<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> new String(header.value(), UTF_8));
  }

  /** What the producer compares with max.request.size. */
  private static int producerSize(Record<byte[], byte[]> record) {
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE,
        CompressionType.NONE,
        record.key(),
        record.value(),
        record.headers().toArray());
  }

  /** The producer refuses what is larger, and the transaction would fail for ever. */
  @Property(tries = 500)
  void theRecordAlwaysFits(
      @ForAll @IntRange(max = 2 * MAX) int value,
      @ForAll @IntRange(max = 3 * MAX) int keyAndMessage,
      @ForAll @IntRange(max = 2 * MAX) int headerBytes,
      @ForAll boolean wide) {
    Headers headers = new RecordHeaders();
    headers.add((wide ? "é" : "e").repeat(headerBytes / 2), new byte[headerBytes / 2]);
    byte[] key = new byte[wide ? keyAndMessage : keyAndMessage / 100];
    Record<byte[], byte[]> record =
        rejected(key, new byte[value], "?".repeat(keyAndMessage), headers);
    assertThat(producerSize(record)).isLessThanOrEqualTo(MAX);
    assertThat(header(record, Rejections.REASON)).contains("CORRUPT");
    assertThat(header(record, Rejections.OFFSET)).contains("77");
  }

  @Example
  void whatFitsIsKeptWhole() {
    Headers headers = new RecordHeaders();
    headers.add("theirs", "x".getBytes(UTF_8));
    byte[] key = "s".getBytes(UTF_8);
    byte[] value = new byte[1_000];
    Record<byte[], byte[]> record = rejected(key, value, "why", headers);
    assertThat(record.key()).isSameAs(key);
    assertThat(record.value()).isSameAs(value);
    assertThat(record.timestamp()).isEqualTo(5);
    assertThat(header(record, "theirs")).contains("x");
    assertThat(header(record, Rejections.MESSAGE)).contains("why");
    assertThat(header(record, Rejections.PARTITION)).contains("3");
    assertThat(header(record, Rejections.OMITTED_BYTES)).isEmpty();
    assertThat(headers).as("the input's own headers are left alone").hasSize(1);
  }

  @Example
  void theValueGoesFirst() {
    Headers headers = new RecordHeaders();
    headers.add("theirs", "x".getBytes(UTF_8));
    Record<byte[], byte[]> record = rejected(new byte[1], new byte[MAX], "why", headers);
    assertThat(record.value()).isEmpty();
    assertThat(record.key()).hasSize(1);
    assertThat(header(record, "theirs")).contains("x");
    assertThat(header(record, Rejections.OMITTED_BYTES)).contains("2000");
  }

  @Example
  void anEmptyRecordStaysEmpty() {
    Record<byte[], byte[]> record = rejected(null, null, "no key", new RecordHeaders());
    assertThat(record.key()).isNull();
    assertThat(record.value()).isNull();
  }
}

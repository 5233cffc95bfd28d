package io.gatestream.labels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.LikelyCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of a rejected topic, all partitions, without a consumer group. One
 * thread polls; {@link #stop} may be called from any.
 */
public final class RejectedRecords implements AutoCloseable {
  static final String REASON = "gatestream.reason";

  private static final Duration WAIT = Duration.ofMillis(250);

  private final TopicReader records;
  private final LikelyCause causes = new LikelyCause();

  private RejectedRecords(TopicReader records) {
    this.records = records;
  }

  /**
   * Finds the topic's partitions, captures their ends and goes to the start.
   *
   * @throws io.gatestream.errors.OutageException the topic may not be read, or no broker answered
   *     in time
   * @throws io.gatestream.errors.ConfigException the topic does not exist, or the client settings
   *     cannot be used
   */
  public static RejectedRecords open(KafkaAccess access, String topic, StartPoint from) {
    return new RejectedRecords(TopicReader.open(access, topic, from));
  }

  /** Everything that is committed from {@code from} to the ends at the time of the call. */
  public static List<RejectedRecord> read(KafkaAccess access, String topic, StartPoint from) {
    List<RejectedRecord> all = new ArrayList<>();
    try (RejectedRecords records = open(access, topic, from)) {
      while (!records.caughtUp()) {
        all.addAll(records.poll(WAIT));
      }
    }
    return all;
  }

  /** As the public one, on a consumer that is closed with this. */
  static RejectedRecords open(
      Consumer<byte[], byte[]> consumer, KafkaAccess access, String topic, StartPoint from) {
    return new RejectedRecords(TopicReader.open(consumer, access, topic, from));
  }

  /** Waits at most {@code wait}; gives nothing when the time is over or this was stopped. */
  public List<RejectedRecord> poll(Duration wait) {
    return records.poll(wait).stream().map(this::read).toList();
  }

  private RejectedRecord read(ConsumerRecord<byte[], byte[]> record) {
    String reason = text(record, REASON).orElse("UNKNOWN");
    Optional<String> omitted = text(record, "gatestream.omitted.bytes");
    byte @Nullable [] value = record.value();
    return new RejectedRecord(
        record.partition(),
        record.offset(),
        Optional.ofNullable(record.key()).map(key -> new String(key, UTF_8)),
        record.timestamp(),
        reason,
        text(record, "gatestream.message").orElse(""),
        origin(record),
        bytes(value, omitted),
        omitted.isPresent(),
        omitted.isPresent() ? Optional.empty() : causes.of(reason, record.key(), value));
  }

  private static OptionalLong bytes(byte @Nullable [] value, Optional<String> omitted) {
    if (omitted.isPresent()) {
      return omitted.get().matches("[0-9]{1,18}")
          ? OptionalLong.of(Long.parseLong(omitted.get()))
          : OptionalLong.empty();
    }
    return value == null ? OptionalLong.empty() : OptionalLong.of(value.length);
  }

  private static Optional<String> origin(ConsumerRecord<byte[], byte[]> record) {
    Optional<String> topic = text(record, "gatestream.topic");
    Optional<String> partition = text(record, "gatestream.partition");
    Optional<String> offset = text(record, "gatestream.offset");
    return topic.isPresent() && partition.isPresent() && offset.isPresent()
        ? Optional.of(topic.get() + "-" + partition.get() + "@" + offset.get())
        : Optional.empty();
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), UTF_8));
  }

  /** Whether all that was committed at the opening has been read, or this was stopped. */
  public boolean caughtUp() {
    return records.caughtUp() || records.stopped();
  }

  /** Whether a record had been committed at the opening. */
  public boolean beforeEnd(RejectedRecord record) {
    return records.beforeEnd(record.partition(), record.offset());
  }

  /** Ends a poll in progress and all later ones, without waiting: for signal handlers. */
  public void stop() {
    records.stop();
  }

  /** Whether {@link #stop} has been called. */
  public boolean stopped() {
    return records.stopped();
  }

  @Override
  public void close() {
    records.close();
  }
}

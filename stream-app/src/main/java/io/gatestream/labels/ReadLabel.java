package io.gatestream.labels;

import io.gatestream.schema.FrameLabel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A committed label together with the record that it came in. */
public final class ReadLabel {
  private final ConsumerRecord<byte[], byte[]> record;
  private final FrameLabel label;

  /** Takes the record over: nobody may write to its arrays afterwards. Its value is not null. */
  public ReadLabel(ConsumerRecord<byte[], byte[]> record, FrameLabel label) {
    this.record = record;
    this.label = label;
  }

  public int partition() {
    return record.partition();
  }

  public long offset() {
    return record.offset();
  }

  /** The record's key as UTF-8, empty where the record has none. */
  public Optional<String> key() {
    return Optional.ofNullable(record.key()).map(key -> new String(key, StandardCharsets.UTF_8));
  }

  /** The record's timestamp: milliseconds since the epoch. */
  public long timestamp() {
    return record.timestamp();
  }

  /** A copy of the record's value, as it lies in the topic. */
  public byte[] value() {
    return record.value().clone();
  }

  public FrameLabel label() {
    return label;
  }

  @Override
  public String toString() {
    return "%s-%d@%d %s".formatted(record.topic(), partition(), offset(), label);
  }
}

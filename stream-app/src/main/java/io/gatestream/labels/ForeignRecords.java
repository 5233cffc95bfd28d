package io.gatestream.labels;

import io.gatestream.errors.ConfigException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of a topic of labels or of events that are none: counted and told once, since a topic
 * of something else holds nothing but such. Thread-safe.
 */
public final class ForeignRecords {
  /** So many records without one of the kind among them, and the topic is taken for another. */
  static final int MOST_WITHOUT_AN_OWN = 1_000;

  private final String topic;
  private final String kind;
  private long own;
  private long foreign;
  private long told;
  private String first = "";

  /**
   * Creates it.
   *
   * @param kind what the topic should hold, in the plural: {@code labels}
   */
  ForeignRecords(String topic, String kind) {
    this.topic = topic;
    this.kind = kind;
  }

  /** Counts one that is none of these. */
  synchronized void addOwn() {
    own++;
  }

  /** Counts one and says what it seems to be. */
  synchronized String add(ConsumerRecord<byte[], byte[]> record) {
    String kind = RecordKind.of(record);
    if (foreign == 0) {
      first = "%s-%d@%d is %s".formatted(record.topic(), record.partition(), record.offset(), kind);
    }
    foreign++;
    return kind;
  }

  synchronized long count() {
    return foreign;
  }

  /**
   * Refuses a topic of something else.
   *
   * @param read whether all has been read that was there
   * @throws ConfigException no record was of the kind, of all or of very many
   */
  public synchronized void requireOwn(boolean read) {
    if (own == 0 && foreign > 0 && (read || foreign >= MOST_WITHOUT_AN_OWN)) {
      throw new ConfigException(
          "topic '%1$s' holds no %2$s: of %3$d records read none is one, %4$s; name the topic that 'run' writes its %2$s to"
              .formatted(topic, kind, foreign, first));
    }
  }

  /** One line on those that have come since the last one, or since the beginning. */
  public synchronized Optional<String> tell() {
    if (foreign == told) {
      return Optional.empty();
    }
    told = foreign;
    return Optional.of(
        "%d of %d records in topic '%s' are no %s and are left out: %s"
            .formatted(foreign, foreign + own, topic, kind, first));
  }
}

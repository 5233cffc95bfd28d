package io.gatestream.labels;

import io.gatestream.errors.ConfigException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of a labels topic that are no labels: counted and told once, since a topic of
 * something else holds nothing but such. Thread-safe.
 */
public final class ForeignRecords {
  /** So many records without one label among them, and the topic is taken for another. */
  static final int MOST_WITHOUT_A_LABEL = 1_000;

  private final String topic;
  private long labels;
  private long foreign;
  private long told;
  private String first = "";

  ForeignRecords(String topic) {
    this.topic = topic;
  }

  synchronized void addLabel() {
    labels++;
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
   * @throws ConfigException no record was a label, of all or of very many
   */
  public synchronized void requireLabels(boolean read) {
    if (labels == 0 && foreign > 0 && (read || foreign >= MOST_WITHOUT_A_LABEL)) {
      throw new ConfigException(
          "topic '%s' holds no labels: of %d records read none is one, %s; name the topic that 'run' writes its labels to"
              .formatted(topic, foreign, first));
    }
  }

  /** One line on those that have come since the last one, or since the beginning. */
  public synchronized Optional<String> tell() {
    if (foreign == told) {
      return Optional.empty();
    }
    told = foreign;
    return Optional.of(
        "%d of %d records in topic '%s' are no labels and are left out: %s"
            .formatted(foreign, foreign + labels, topic, first));
  }
}

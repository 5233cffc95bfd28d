package io.gatestream.kafka;

/** Where a record lies. */
public record RecordPosition(String topic, int partition, long offset) {
  public RecordPosition {
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "no position: %s partition %d offset %d".formatted(topic, partition, offset));
    }
  }

  @Override
  public String toString() {
    return "%s-%d offset %d".formatted(topic, partition, offset);
  }
}

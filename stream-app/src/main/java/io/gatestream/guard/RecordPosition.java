package io.gatestream.guard;

/** Where a record lies. */
record RecordPosition(String topic, int partition, long offset) {
  RecordPosition {
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

package io.gatestream.stream;

/**
 * A record could not be processed although it may be good: something in the system broke. Names the
 * record's position.
 */
final class FrameProcessingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String position;

  FrameProcessingException(String topic, int partition, long offset, RuntimeException cause) {
    super("%s partition %d offset %d: %s".formatted(topic, partition, offset, cause), cause);
    this.position = "%s partition %d offset %d".formatted(topic, partition, offset);
  }

  String position() {
    return position;
  }
}

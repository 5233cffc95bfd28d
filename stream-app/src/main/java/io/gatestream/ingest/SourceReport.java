package io.gatestream.ingest;

import java.util.Optional;

/**
 * How one source went.
 *
 * @param location where it lies, passwords masked
 * @param frames handed to the sink
 * @param bytes of their payloads
 * @param seconds that the ingest of the source took
 * @param dropped frames of a camera that was faster than Kafka
 * @param failure why it ended early
 * @param clock what the clock of a live source had to do
 */
public record SourceReport(
    String streamId,
    String location,
    long frames,
    long bytes,
    double seconds,
    long dropped,
    Optional<String> failure,
    ClockReport clock) {

  /** Frames handed over per second. */
  public double rate() {
    return seconds > 0 ? frames / seconds : 0;
  }
}

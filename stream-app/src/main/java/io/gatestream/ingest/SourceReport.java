package io.gatestream.ingest;

import java.util.List;
import java.util.Optional;

/**
 * How one source went.
 *
 * @param location where it lies, passwords masked
 * @param frames delivered
 * @param bytes of their payloads
 * @param seconds that the ingest of the source took
 * @param dropped frames of a camera that was faster than Kafka
 * @param failure why it ended early
 * @param clock what the clock of a live source had to do
 * @param notes what else there is to know, a sentence each: frames refused, damage passed over
 */
public record SourceReport(
    String streamId,
    String location,
    long frames,
    long bytes,
    double seconds,
    long dropped,
    Optional<String> failure,
    ClockReport clock,
    List<String> notes) {
  public SourceReport {
    notes = List.copyOf(notes);
  }

  /** One of a source that gave its clock nothing to do, without notes. */
  public SourceReport(
      String streamId,
      String location,
      long frames,
      long bytes,
      double seconds,
      long dropped,
      Optional<String> failure) {
    this(streamId, location, frames, bytes, seconds, dropped, failure, ClockReport.NONE, List.of());
  }

  /** Frames handed over per second. */
  public double rate() {
    return seconds > 0 ? frames / seconds : 0;
  }
}

package io.gatestream.ingest;

import java.time.Instant;
import java.util.List;

/**
 * How a whole ingest went.
 *
 * @param session of all its frames
 * @param sources in the order given
 */
public record IngestReport(Instant session, List<SourceReport> sources) {
  public IngestReport {
    sources = List.copyOf(sources);
  }

  public boolean failed() {
    return sources.stream().anyMatch(source -> source.failure().isPresent());
  }

  public long frames() {
    return sources.stream().mapToLong(SourceReport::frames).sum();
  }

  public long dropped() {
    return sources.stream().mapToLong(SourceReport::dropped).sum();
  }
}

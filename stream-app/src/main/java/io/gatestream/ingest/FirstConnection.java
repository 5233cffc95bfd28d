package io.gatestream.ingest;

import java.time.Duration;

/**
 * The first connection to a URL: a camera that is just starting is waited for, with a warning at
 * each attempt, for as long as {@link IngestSettings.Live#firstConnect} says.
 */
final class FirstConnection {
  private FirstConnection() {}

  /**
   * Connects.
   *
   * @throws SourceException the last attempt's, once the time is over or the run was stopped
   */
  static OpenSource await(VideoSource source, IngestContext shared, LiveFeed.Connection connection)
      throws SourceException, InterruptedException {
    Duration limit = shared.settings().live().firstConnect();
    Backoff backoff = new Backoff(shared.settings().live().backoff());
    long begun = System.nanoTime();
    while (true) {
      try {
        return connection.open();
      } catch (SourceException e) {
        Duration end = Duration.ofNanos(System.nanoTime() - begun).plus(backoff.next());
        if (!limit.isZero() && end.compareTo(limit) > 0) {
          throw new SourceException(
              "%s (tried for %d s: --connect-timeout)"
                  .formatted(Location.mask(String.valueOf(e.getMessage())), limit.toSeconds()));
        }
        if (shared.stopped()) {
          throw e;
        }
        shared
            .listener()
            .warning(
                source,
                "%s; trying again in %d ms"
                    .formatted(
                        Location.mask(String.valueOf(e.getMessage())), backoff.next().toMillis()));
        if (backoff.await(shared.stop())) {
          throw e;
        }
      }
    }
  }
}

package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Sends a camera for as long as the run lasts: connects anew when it falls silent, and never waits
 * for Kafka.
 *
 * <p>Payloads come with the times of the source's {@link LiveClock}; {@link CaptureTimes} makes
 * capture times of them.
 */
final class LiveFeed {
  /** Connects to the camera. */
  interface Connection {
    OpenSource open() throws SourceException;
  }

  private final SourceRun run;
  private final SourceRun.Shared shared;
  private final CaptureTimes captureTimes;

  LiveFeed(SourceRun run, SourceRun.Shared shared) {
    this.run = run;
    this.shared = shared;
    this.captureTimes = run.captureTimes();
  }

  void run(OpenSource first, Connection connection) throws IOException, InterruptedException {
    shared.listener().opened(run.source(), OptionalLong.empty());
    try (LiveQueue queue =
        new LiveQueue(shared.settings().live().queue(), shared.queueBytes(), run)) {
      Backoff backoff = new Backoff(shared.settings().live().backoff());
      OpenSource open = first;
      while (!shared.stopped()) {
        long before = run.stamper().sequence();
        String reason = "ended";
        try {
          if (open == null) {
            open = connection.open();
          }
          if (feed(open, queue)) {
            break;
          }
        } catch (SourceException e) {
          reason = String.valueOf(e.getMessage());
        }
        open = null;
        if (run.stamper().sequence() > before) {
          backoff.reset();
        }
        run.requireFirstFrame(reason);
        if (!shared.stopped()) {
          shared
              .listener()
              .warning(
                  run.source(),
                  Location.mask(reason)
                      + "; connecting anew in "
                      + backoff.next().toMillis()
                      + " ms");
        }
        if (backoff.await(shared.stop())) {
          break;
        }
      }
      queue.finish();
    }
  }

  /** Feeds one connection; true where no more frames are wanted. */
  private boolean feed(OpenSource open, LiveQueue queue) throws IOException {
    try (PayloadSource payloads = open.payloads()) {
      while (!shared.stopped()) {
        Payload payload = payloads.next();
        if (payload == null) {
          // beyond --to: times go on over connections, so there is no other frame to come
          return payloads.endMicros() >= shared.settings().timing().toMicros();
        }
        if (run.full(payload)) {
          return true;
        }
        long micros = payload.micros();
        Frame frame = run.stamper().stamp(payload, micros, captureTimes.of(micros));
        if (!queue.offer(frame)) {
          run.drop(frame);
        }
      }
    }
    return true;
  }
}

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

  private final SourceOutput output;
  private final IngestContext shared;
  private final CaptureTimes captureTimes;
  private final FirstFrame firstFrame;

  LiveFeed(
      SourceOutput output, IngestContext shared, CaptureTimes captureTimes, FirstFrame firstFrame) {
    this.output = output;
    this.shared = shared;
    this.captureTimes = captureTimes;
    this.firstFrame = firstFrame;
  }

  void run(OpenSource first, Connection connection) throws IOException, InterruptedException {
    shared.listener().opened(output.source(), OptionalLong.empty());
    try (LiveQueue queue =
        new LiveQueue(shared.settings().live().queue(), shared.queueBytes(), output)) {
      Backoff backoff = new Backoff(shared.settings().live().backoff());
      OpenSource open = first;
      while (!shared.stopped()) {
        long before = output.stamper().sequence();
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
        if (output.stamper().sequence() > before) {
          backoff.reset();
        }
        requireFirstFrame(reason);
        if (!shared.stopped()) {
          shared
              .listener()
              .warning(
                  output.source(),
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

  /**
   * Ends a camera that was reached and never gave a frame.
   *
   * @throws SourceException it had time enough
   */
  private void requireFirstFrame(String reason) throws SourceException {
    if (output.stamper().sequence() == 0 && !shared.stopped() && firstFrame.overdue()) {
      throw new SourceException(
          "%s was reached, but gave no frame for %d s (--connect-timeout): %s"
              .formatted(
                  output.source().shown(),
                  shared.settings().live().firstConnect().toSeconds(),
                  Location.mask(reason)));
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
        if (output.full(payload)) {
          return true;
        }
        long micros = payload.micros();
        Frame frame = output.stamper().stamp(payload, micros, captureTimes.of(micros));
        if (!queue.offer(frame)) {
          output.drop(frame);
        }
      }
    }
    return true;
  }
}

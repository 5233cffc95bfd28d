package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Sends a camera for as long as the run lasts: connects anew when it falls silent, and never waits
 * for Kafka.
 *
 * <p>The capture time is the clock's at the first frame of a connection, then goes by the camera's
 * own presentation times; it is set anew where both differ by more than two seconds.
 */
final class LiveFeed {
  private static final long DRIFT_MICROS = 2_000_000;

  /** Connects to the camera. */
  interface Connection {
    OpenSource open() throws SourceException;
  }

  private final SourceRun run;
  private final SourceRun.Shared shared;
  private long originMicros = Long.MIN_VALUE;
  private long anchorMicros;
  private long lastMicros = Long.MIN_VALUE;

  LiveFeed(SourceRun run, SourceRun.Shared shared) {
    this.run = run;
    this.shared = shared;
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
    anchorMicros = Long.MIN_VALUE;
    try (PayloadSource payloads = open.payloads()) {
      while (!shared.stopped()) {
        Payload payload = payloads.next();
        if (payload == null) {
          return false;
        }
        if (run.full(payload)) {
          return true;
        }
        long capture = capture(payload.micros());
        Frame frame = run.stamper().stamp(payload, capture - originMicros, capture);
        if (!queue.offer(frame)) {
          run.drop(frame);
        }
      }
    }
    return true;
  }

  private long capture(long presentation) {
    long now = FrameStamper.micros(shared.clock().instant());
    if (anchorMicros == Long.MIN_VALUE
        || Math.abs(anchorMicros + presentation - now) > DRIFT_MICROS) {
      anchorMicros = now - presentation;
    }
    long capture = anchorMicros + presentation;
    if (originMicros == Long.MIN_VALUE) {
      originMicros = capture;
    } else {
      capture = Math.max(capture, lastMicros + 1);
    }
    lastMicros = capture;
    return capture;
  }
}

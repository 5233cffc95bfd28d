package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A sink that knows the last session of each stream, so that a new one comes after it: a session
 * that is older than the last is late for the application, and its frames are dropped.
 */
public final class SessionedSink implements FrameSink {
  /** A host's clock may be behind another one's by so much without a word. */
  private static final Duration BEHIND = Duration.ofMinutes(1);

  private final FrameSink sink;
  private final Map<String, Instant> last;

  /**
   * Creates it.
   *
   * @param last session that is known of a stream
   */
  public SessionedSink(FrameSink sink, Map<String, Instant> last) {
    this.sink = sink;
    this.last = Map.copyOf(last);
  }

  @Override
  public Instant session(String streamId, Instant now, Consumer<String> warnings) {
    Instant before = last.get(streamId);
    if (before == null || before.isBefore(now)) {
      return now;
    }
    Instant session = before.plus(1, ChronoUnit.MICROS);
    if (Duration.between(now, before).compareTo(BEHIND) > 0) {
      warnings.accept(
          ("this machine's clock says %s, and the stream's last session began at %s: one of the two clocks"
                  + " is wrong. The session is %s, so that frames are labelled; look at the clock")
              .formatted(now, before, session));
    }
    return session;
  }

  @Override
  public void send(Frame frame) throws DeliveryException {
    sink.send(frame);
  }

  @Override
  public void send(Frame frame, Receipt receipt) throws DeliveryException {
    sink.send(frame, receipt);
  }

  @Override
  public void flush(String streamId) throws DeliveryException {
    sink.flush(streamId);
  }
}

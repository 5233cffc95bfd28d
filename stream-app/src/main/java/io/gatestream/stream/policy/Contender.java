package io.gatestream.stream.policy;

/**
 * Frames behind the stream's own, of an older session or with lower sequences, that may turn out to
 * be the producer that lives. Times are capture times in microseconds.
 *
 * @param records that have followed each other, sequence and capture time growing
 * @param misses records behind the stream that were of neither since the contender's last one
 */
public record Contender(
    long session,
    long firstCaptureTime,
    long lastSequence,
    long lastCaptureTime,
    int records,
    int misses) {
  /** Others in a row that take a contender's place: one wild frame must not keep it for ever. */
  private static final int MOST_MISSES = 5;

  static Contender first(long session, long lastSequence, long captureTime) {
    return new Contender(session, captureTime, lastSequence, captureTime, 1, 0);
  }

  /** After one more record that is behind the stream, whosever it is. */
  Contender next(long newSession, long first, long last, long captureTime) {
    if (newSession == session && first > lastSequence && captureTime > lastCaptureTime) {
      return new Contender(session, firstCaptureTime, last, captureTime, records + 1, 0);
    }
    boolean repeated = last <= lastSequence && captureTime <= lastCaptureTime;
    if (misses + 1 < MOST_MISSES && (newSession != session || repeated)) {
      return new Contender(
          session, firstCaptureTime, lastSequence, lastCaptureTime, records, misses + 1);
    }
    return first(newSession, last, captureTime);
  }

  /** How long its frames have gone on. */
  long micros() {
    return lastCaptureTime - firstCaptureTime;
  }
}

package io.gatestream.stream.policy;

import io.gatestream.lookahead.PictureFilter;
import io.gatestream.lookahead.Prediction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows the stream policy's frame interval ahead of the processor, from capture times alone. It
 * knows nothing of duplicates and resets: then it guesses wrong for a frame or two. Thread-safe.
 */
public final class DuePrediction implements Prediction {
  private static final int MAX_STREAMS = 200_000;

  /** Record timestamps are whole milliseconds. */
  private static final long ROUNDING = 1_000;

  private final long interval;
  private final long gap;
  private final Map<String, Long> dues = new ConcurrentHashMap<>();

  /** Times are microseconds; {@code interval} is above 0. */
  public DuePrediction(long interval, long gap) {
    this.interval = interval;
    this.gap = gap;
  }

  @Override
  public boolean expects(String stream, long captureTime) {
    if (dues.size() > MAX_STREAMS) {
      dues.clear();
    }
    long due = dues.getOrDefault(stream, Long.MIN_VALUE);
    boolean anew = due == Long.MIN_VALUE || Math.abs(captureTime - due) > gap + interval;
    if (!anew && captureTime < due - interval / 4 - ROUNDING) {
      return false;
    }
    dues.put(
        stream,
        anew ? captureTime + interval : Math.max(due + interval, captureTime + interval / 2));
    return true;
  }

  @Override
  public PictureFilter withinRecord() {
    long[] due = new long[1];
    return (index, captureTime) -> {
      if (index > 0 && captureTime < due[0] - interval / 4) {
        return false;
      }
      due[0] =
          index == 0
              ? captureTime + interval
              : Math.max(due[0] + interval, captureTime + interval / 2);
      return true;
    };
  }
}

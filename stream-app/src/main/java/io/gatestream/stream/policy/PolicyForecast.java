package io.gatestream.stream.policy;

import io.gatestream.lookahead.Forecast;
import io.gatestream.lookahead.PictureFilter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows the stream policy's frame interval ahead of the processor, from capture times alone. It
 * knows nothing of duplicates and resets: then it guesses wrong for a frame or two. Thread-safe.
 */
public final class PolicyForecast implements Forecast {
  private static final int MAX_STREAMS = 200_000;

  /** Record timestamps are whole milliseconds. */
  private static final long ROUNDING = 1_000;

  private final FrameInterval interval;
  private final long gap;
  private final Map<String, Long> dues = new ConcurrentHashMap<>();

  /** Times are microseconds; {@code interval} is above 0. */
  public PolicyForecast(long interval, long gap) {
    this.interval = new FrameInterval(interval);
    this.gap = gap;
  }

  @Override
  public boolean expects(String stream, long captureTime) {
    if (dues.size() > MAX_STREAMS) {
      dues.clear();
    }
    long due = dues.getOrDefault(stream, Long.MIN_VALUE);
    boolean anew = due == Long.MIN_VALUE || Math.abs(captureTime - due) > gap + interval.micros();
    if (!anew && interval.isEarly(due, captureTime + ROUNDING)) {
      return false;
    }
    dues.put(stream, anew ? interval.first(captureTime) : interval.next(due, captureTime));
    return true;
  }

  @Override
  public PictureFilter withinRecord() {
    return new WithinRecord(interval);
  }

  /** Made for every record; used by one thread. */
  private static final class WithinRecord implements PictureFilter {
    private final FrameInterval interval;
    private long due;

    WithinRecord(FrameInterval interval) {
      this.interval = interval;
    }

    @Override
    public boolean wants(int index, long captureTime) {
      if (index > 0 && interval.isEarly(due, captureTime)) {
        return false;
      }
      due = index == 0 ? interval.first(captureTime) : interval.next(due, captureTime);
      return true;
    }
  }
}

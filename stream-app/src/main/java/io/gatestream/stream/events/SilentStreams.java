package io.gatestream.stream.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/**
 * Which streams that owe an END have been silent for long, by the wall clock. The clock counts only
 * while no frames wait, and a pause of the process counts as a moment: a stream is not silent
 * because nobody looks. Used by one thread.
 */
public final class SilentStreams {
  /** The most that one look counts for. */
  private static final long LONGEST_LOOK = 2_000_000;

  private final long idle;

  /** Microseconds by the own clock at which each was seen last. */
  private final Map<Bytes, Long> seen = new HashMap<>();

  private long clock;
  private long last = Long.MIN_VALUE;

  /**
   * Creates it.
   *
   * @param idle microseconds after which a stream is silent
   */
  public SilentStreams(long idle) {
    this.idle = idle;
  }

  /** A record of a stream was processed. */
  public void seen(Bytes id, boolean owesEnd) {
    if (owesEnd) {
      seen.put(id, clock);
    } else {
      seen.remove(id);
    }
  }

  /**
   * The streams that are silent now; they are not named again until they are seen.
   *
   * @param now wall clock, milliseconds
   * @param waiting whether frames of the partition wait to be polled
   */
  public List<Bytes> tick(long now, boolean waiting) {
    if (last != Long.MIN_VALUE && !waiting) {
      clock += Math.min(LONGEST_LOOK, Math.max(0, (now - last) * 1_000));
    }
    last = now;
    List<Bytes> silent = new ArrayList<>(0);
    for (Map.Entry<Bytes, Long> stream : seen.entrySet()) {
      if (clock - stream.getValue() >= idle) {
        silent.add(stream.getKey());
      }
    }
    silent.sort(null); // so that what is written does not depend on hashes
    seen.keySet().removeAll(silent);
    return silent;
  }
}

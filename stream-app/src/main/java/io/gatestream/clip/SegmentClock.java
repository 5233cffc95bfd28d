package io.gatestream.clip;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * When the packets of segments are shown and decoded in one file: at their capture times, in ticks
 * from the clip's start. Both kinds of times ascend over all segments. For one thread.
 *
 * <p>A packet is decoded when the picture is shown that stands as many places before it as pictures
 * are reordered: so no packet is decoded after it is shown, whatever the distances are.
 */
final class SegmentClock {
  private static final int MICROS = 1_000_000;

  private final int ticksPerSecond;
  private final Deque<Long> waiting = new ArrayDeque<>();
  private int depth = -1;
  private long last = -1;

  SegmentClock(int ticksPerSecond) {
    this.ticksPerSecond = ticksPerSecond;
  }

  /** Of the packets of one segment, in decoding order. */
  record Times(List<Long> shown, List<Long> decoded) {}

  /**
   * Places a segment behind the one before.
   *
   * @param start when its first picture was captured, microseconds from the clip's start
   * @param shown of each packet in decoding order, no two alike, microseconds of any clock
   * @return empty where pictures are reordered by more places than in the first segment
   */
  Optional<Times> place(long start, long[] shown) {
    long[] sorted = shown.clone();
    Arrays.sort(sorted);
    int[] ranks = new int[shown.length];
    int needed = 0;
    for (int i = 0; i < shown.length; i++) {
      ranks[i] = Arrays.binarySearch(sorted, shown[i]);
      needed = Math.max(needed, i - ranks[i]);
    }
    if (depth >= 0 && needed > depth) {
      return Optional.empty();
    }
    long[] ticks = ticks(start, sorted);
    if (depth < 0) {
      depth = needed;
      long step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
      for (int i = depth; i > 0; i--) {
        waiting.add(ticks[0] - i * step);
      }
    }
    List<Long> placed = new ArrayList<>();
    List<Long> decoded = new ArrayList<>();
    for (int i = 0; i < shown.length; i++) {
      waiting.add(ticks[i]);
      decoded.add(waiting.remove());
      placed.add(ticks[ranks[i]]);
    }
    return Optional.of(new Times(placed, decoded));
  }

  private long[] ticks(long start, long[] sorted) {
    long[] ticks = new long[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      last = Math.max(last + 1, ticks(start + sorted[i] - sorted[0]));
      ticks[i] = last;
    }
    return ticks;
  }

  /** Rounded to the nearest. */
  private long ticks(long micros) {
    return Math.floorDiv(micros * ticksPerSecond + MICROS / 2, MICROS);
  }
}

package io.gatestream.ingest;

import java.util.ArrayList;
import java.util.List;

/** The times that a clock gave, and what the stream policy makes of them (docs/policy.md). */
final class Timeline {
  static final long GAP = 2_000_000;

  private final List<Long> times = new ArrayList<>();

  /** Feeds a connection as the demuxer does: as many frames at once as the clock wants. */
  Timeline feed(LiveClock clock, List<Arrival> arrivals) {
    List<Arrival> held = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      held.add(arrival);
      if (!clock.wantsMore(held)) {
        add(clock.times(held));
        held.clear();
      }
    }
    add(clock.times(held));
    return this;
  }

  void add(long... more) {
    for (long time : more) {
      times.add(time);
    }
  }

  List<Long> times() {
    return times;
  }

  long step(int index) {
    return times.get(index) - times.get(index - 1);
  }

  /** The frames before which the policy would reset the state. */
  List<Integer> gaps() {
    List<Integer> gaps = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      if (Math.abs(step(i)) > GAP) {
        gaps.add(i);
      }
    }
    return gaps;
  }

  /** The frames that the policy would skip for a model of this interval. */
  List<Integer> skipped(long interval) {
    List<Integer> skipped = new ArrayList<>();
    long due = Long.MIN_VALUE / 2;
    for (int i = 0; i < times.size(); i++) {
      long time = times.get(i);
      boolean gap = i > 0 && Math.abs(step(i)) > GAP;
      if (gap || i == 0) {
        due = time + interval;
      } else if (time < due - interval / 4) {
        skipped.add(i);
      } else {
        due = Math.max(due + interval, time + interval / 2);
      }
    }
    return skipped;
  }
}

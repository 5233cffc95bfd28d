package io.gatestream.ingest;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A camera's stamps as steps from one frame to the next, each of them above zero and believable.
 *
 * <p>A stamp that does not follow the last good one is replaced by the usual step. Three in a row
 * that follow each other are the camera's new count, as after a restart, and the chain goes on from
 * there. Counters that wrap go on. For one thread; one a connection.
 */
final class StampChain {
  /** Two frames of one camera are at least so far apart. */
  static final long LEAST_STEP = 500;

  private static final int RESTART_AFTER = 3;
  private static final int STEPS = 9;
  private static final int FEWEST_TO_JUDGE = 4;

  private final long wrap;
  private final ClockTally tally;
  private final long[] steps = new long[STEPS];
  private int stepCount;
  private long interval;
  private long position;
  private long goodStamp;
  private long goodPosition;
  private long strayStamp;
  private int strays;
  private long history;
  private int frames;
  private boolean started;

  /**
   * Starts a chain.
   *
   * @param interval microseconds between frames until stamps say better
   * @param wrap microseconds after which stamps begin again; 0 for never
   */
  StampChain(long interval, long wrap, ClockTally tally) {
    this.interval = Math.max(LEAST_STEP, interval);
    this.wrap = wrap;
    this.tally = tally;
  }

  /**
   * The step from the last frame to this one; 0 for the first.
   *
   * @param room how much time can have passed since the last frame, by its arrival; asked only for
   *     a step that is longer than usual
   */
  long step(OptionalLong stamp, LongSupplier room) {
    boolean first = frames == 0;
    if (stamp.isEmpty()) {
      tally.missing();
      note(true);
      return advance(first ? 0 : interval);
    }
    if (!started) {
      started = true;
      long step = advance(first ? 0 : interval);
      rebase(stamp.getAsLong());
      note(false);
      return step;
    }
    long now = stamp.getAsLong();
    long step = goodPosition + folded(now - goodStamp) - position;
    boolean good = step >= LEAST_STEP && (step <= interval * 7 / 4 || step <= room.getAsLong());
    note(!good);
    if (good) {
      strays = 0;
      steps[stepCount++ % STEPS] = step;
      interval = median();
      advance(step);
      rebase(now);
      return step;
    }
    long follows = folded(now - strayStamp);
    boolean another =
        strays > 0
            && follows >= LEAST_STEP
            && (follows <= interval * 4 || follows <= room.getAsLong());
    strays = another ? strays + 1 : 1;
    strayStamp = now;
    tally.wild(1);
    long usual = interval;
    advance(usual);
    if (strays == RESTART_AFTER) {
      tally.wild(-RESTART_AFTER);
      tally.restarted();
      strays = 0;
      rebase(now);
    }
    return usual;
  }

  private long advance(long step) {
    position += step;
    return step;
  }

  private void rebase(long stamp) {
    goodStamp = stamp;
    goodPosition = position;
  }

  private void note(boolean bad) {
    history = history << 1 | (bad ? 1 : 0);
    frames++;
  }

  private long median() {
    int count = Math.min(stepCount, STEPS);
    long[] sorted = Arrays.copyOf(steps, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }

  private long folded(long difference) {
    return wrap == 0 ? difference : Math.floorMod(difference + wrap / 2, wrap) - wrap / 2;
  }

  /** The usual step. */
  long interval() {
    return interval;
  }

  /** Whether most of the last frames had no stamp that can be used. */
  boolean useless() {
    return frames >= FEWEST_TO_JUDGE
        && 2 * Long.bitCount(history & 0xffff_ffffL) > Math.min(frames, 32);
  }
}

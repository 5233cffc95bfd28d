package io.gatestream.stream.state;

import java.util.HashSet;
import java.util.Set;

/**
 * How many states all tasks of one stream thread together may look at in a period: however many
 * tasks a thread has, its records wait for the removal of idle states no longer. Tasks take turns:
 * none comes again before every other has had its own. One per stream thread, which alone calls it.
 */
public final class SweepBudget {
  private static final long PERIOD_MILLIS = 1_000;
  private static final int STATES = 1_000;
  private static final long BYTES = 4 << 20;

  private static final ThreadLocal<SweepBudget> OF_THREAD =
      ThreadLocal.withInitial(() -> new SweepBudget(STATES, BYTES));

  private final int states;
  private final long bytes;
  private final Set<Object> tasks = new HashSet<>();

  /** Tasks that have not had their turn. */
  private final Set<Object> waiting = new HashSet<>();

  private long begun = Long.MIN_VALUE;
  private int statesLeft;
  private long bytesLeft;
  private boolean used;

  /**
   * Creates a budget.
   *
   * @param states in a period
   * @param bytes of their tensors in a period; the last state may exceed it
   */
  SweepBudget(int states, long bytes) {
    this.states = states;
    this.bytes = bytes;
  }

  public static SweepBudget ofThisThread() {
    return OF_THREAD.get();
  }

  void join(Object task) {
    tasks.add(task);
    waiting.add(task);
  }

  void leave(Object task) {
    tasks.remove(task);
    waiting.remove(task);
  }

  /**
   * Whether a task may look at states now; it has had its turn then.
   *
   * @param now wall clock, milliseconds
   */
  boolean take(Object task, long now) {
    if (now - begun >= PERIOD_MILLIS || now < begun || begun == Long.MIN_VALUE) {
      if (waiting.isEmpty() || !used) {
        waiting.addAll(tasks); // all had their turn, or those that had not do not want it
      }
      begun = now;
      statesLeft = states;
      bytesLeft = bytes;
      used = false;
    }
    if (!hasLeft() || !waiting.remove(task)) {
      return false;
    }
    used = true;
    return true;
  }

  /** Counts a state that was looked at, and says whether another one may be. */
  boolean spend(long tensorBytes) {
    statesLeft--;
    bytesLeft -= tensorBytes;
    return hasLeft();
  }

  private boolean hasLeft() {
    return statesLeft > 0 && bytesLeft > 0;
  }
}

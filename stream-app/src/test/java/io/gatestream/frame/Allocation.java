package io.gatestream.frame;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes that the current thread allocates on the heap, as the JVM counts them. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** The least of some tries: the first ones load classes. */
  public static long least(long enough, Runnable action) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3 && least > enough; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      action.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}

package io.gatestream.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process and the broker have used so far.
 *
 * @param processNanos processor time of this process
 * @param brokerNanos processor time of the broker, 0 where that is not known
 * @param heapBytes allocated on the Java heap by all threads that live but the calling one
 */
record Usage(long processNanos, long brokerNanos, long heapBytes) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Until now. */
  static Usage now(long brokerNanos) {
    long own = Thread.currentThread().getId();
    long heap = 0;
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      heap += ids[i] == own ? 0 : Math.max(0, bytes[i]);
    }
    return new Usage(SYSTEM.getProcessCpuTime(), brokerNanos, heap);
  }

  /** A part of the way from this to another. */
  Usage towards(Usage other, double part) {
    return new Usage(
        between(processNanos, other.processNanos, part),
        between(brokerNanos, other.brokerNanos, part),
        between(heapBytes, other.heapBytes, part));
  }

  private static long between(long from, long to, double part) {
    return from + Math.round((to - from) * part);
  }
}

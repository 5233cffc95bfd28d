package io.gatestream.stream;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.gatestream.frame.decode.NativeLimits;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/**
 * The limits of memory that this process was started with.
 *
 * @param heap largest Java heap
 * @param direct of direct buffers; empty where the JVM does not tell
 * @param javaCpp JavaCPP's limit of what it allocates, 0 for none
 * @param javaCppPhysical JavaCPP's limit of the whole process, 0 for none
 */
record MemoryLimits(long heap, OptionalLong direct, long javaCpp, long javaCppPhysical) {
  static MemoryLimits here() {
    long heap = Runtime.getRuntime().maxMemory();
    return new MemoryLimits(
        heap, direct(heap), NativeLimits.maxBytes(), NativeLimits.maxPhysicalBytes());
  }

  private static OptionalLong direct(long heap) {
    HotSpotDiagnosticMXBean machine =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (machine == null) {
      return OptionalLong.empty(); // no HotSpot
    }
    long given = Long.parseLong(machine.getVMOption("MaxDirectMemorySize").getValue());
    return OptionalLong.of(given == 0 ? heap : given); // 0: not given
  }
}

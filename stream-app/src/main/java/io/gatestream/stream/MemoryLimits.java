package io.gatestream.stream;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import io.gatestream.frame.decode.NativeLimits;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/**
 * The limits of memory that this process was started with.
 *
 * @param machine memory of the machine, or of the container that this process runs in; empty where
 *     the JVM does not tell
 * @param heap largest Java heap
 * @param direct of direct buffers; empty where the JVM does not tell, or allows all of the
 *     machine's
 * @param javaCpp JavaCPP's limit of what it allocates, 0 for none
 * @param javaCppPhysical JavaCPP's limit of the whole process, 0 for none
 */
record MemoryLimits(
    OptionalLong machine, long heap, OptionalLong direct, long javaCpp, long javaCppPhysical) {
  static MemoryLimits here() {
    long heap = Runtime.getRuntime().maxMemory();
    OptionalLong machine = machineBytes();
    return new MemoryLimits(
        machine,
        heap,
        direct(heap, machine.orElse(Long.MAX_VALUE)),
        NativeLimits.maxBytes(),
        NativeLimits.maxPhysicalBytes());
  }

  private static OptionalLong machineBytes() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long bytes = system == null ? 0 : system.getTotalMemorySize();
    return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
  }

  private static OptionalLong direct(long heap, long machineBytes) {
    HotSpotDiagnosticMXBean hotSpot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (hotSpot == null) {
      return OptionalLong.empty();
    }
    long given = Long.parseLong(hotSpot.getVMOption("MaxDirectMemorySize").getValue());
    long limit = given == 0 ? heap : given; // 0: not given
    return limit < machineBytes ? OptionalLong.of(limit) : OptionalLong.empty();
  }
}

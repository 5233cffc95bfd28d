package io.gatestream.bench;

import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux says of the processor. */
final class MachineCpu {
  private static final long TICK_NANOS = 10_000_000;

  private MachineCpu() {}

  /**
   * Processor time that all processes and the system have used, nanoseconds.
   *
   * @throws OutageException this is no Linux
   */
  static long busyNanos() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      String[] fields = lines.findFirst().orElse("").split(" +", -1);
      long ticks = 0;
      // user, nice, system, not idle and waiting, then interrupts
      for (int i : new int[] {1, 2, 3, 6, 7}) {
        ticks += Long.parseLong(fields[i]);
      }
      return ticks * TICK_NANOS;
    } catch (IOException e) {
      throw new OutageException(
          "--peers reads processor time from /proc, as Linux has it: " + IoReason.of(e), e);
    }
  }

  /** The processor's name. */
  static String name() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}

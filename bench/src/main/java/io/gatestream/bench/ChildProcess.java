package io.gatestream.bench;

import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that runs beside the bench, its output in a file. Closing ends it and what it started,
 * each by its own process id. Used by one thread.
 */
final class ChildProcess implements AutoCloseable {
  private static final long CLOSE_SECONDS = 20;
  private static final int LAST = 2_000;

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a program whose standard output and errors go to a file.
   *
   * @param name what messages call it
   * @throws OutageException it cannot be started
   */
  static ChildProcess start(String name, List<String> command, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    return start(name, builder.redirectOutput(log.toFile()), log);
  }

  /** As the other, but its errors go where those of this process go. */
  static ChildProcess startLoud(String name, List<String> command, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    return start(name, builder.redirectOutput(log.toFile()), log);
  }

  private static ChildProcess start(String name, ProcessBuilder builder, Path log) {
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new ChildProcess(name, process, log);
    } catch (IOException e) {
      throw new OutageException("%s cannot be started: %s".formatted(name, IoReason.of(e)), e);
    }
  }

  /** Waits for its end and gives its exit code. */
  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /**
   * Fails where it has ended.
   *
   * @throws OutageException with its exit code and last line
   */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new OutageException(
          "%s ended with exit code %d: %s".formatted(name, process.exitValue(), lastLine()));
    }
  }

  /** What it has printed. */
  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new OutageException("%s cannot be read: %s".formatted(log, IoReason.of(e)), e);
    }
  }

  /** The last thing that it said. */
  String lastLine() {
    try {
      byte[] all = Files.readAllBytes(log);
      int from = Math.max(0, all.length - LAST);
      return new String(all, from, all.length - from, StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .reduce((before, last) -> last)
          .orElse("it said nothing");
    } catch (IOException e) {
      return "what it said cannot be read: " + IoReason.of(e);
    }
  }

  /** Processor time that it has used, in steps of 10 ms. */
  long cpuNanos() {
    return process.toHandle().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  /** Resident memory; 0 where the system does not tell. */
  long residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/%d/status".formatted(process.pid())))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Asks it to end, and waits for nothing. */
  void terminate() {
    process.destroy();
  }

  @Override
  public void close() {
    // an interrupt that ended the measurement must not cut this short
    boolean isInterrupted = Thread.interrupted();
    List<ProcessHandle> below = process.descendants().toList();
    try {
      process.destroy();
      if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      isInterrupted = true;
    }
    below.forEach(ProcessHandle::destroyForcibly);
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

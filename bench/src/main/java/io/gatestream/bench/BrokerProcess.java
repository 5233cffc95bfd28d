package io.gatestream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The embedded broker in a JVM of its own. Opened and closed by one thread. */
final class BrokerProcess implements AutoCloseable {
  private static final long CLOSE_SECONDS = 20;

  private final Process process;
  private final String bootstrapServers;

  private BrokerProcess(Process process, String bootstrapServers) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker and returns once it serves clients.
   *
   * @param folder an empty one, for its data and its log
   * @throws OutageException it does not start
   */
  static BrokerProcess start(Path folder) {
    Path log = folder.resolve("broker.log");
    ProcessBuilder builder =
        new ProcessBuilder(command(folder.resolve("data"))).redirectError(log.toFile());
    try {
      Process process = builder.start();
      BufferedReader out = process.inputReader(UTF_8);
      for (@Nullable String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(BrokerMain.LISTENING)) {
          return new BrokerProcess(process, line.substring(BrokerMain.LISTENING.length()));
        }
      }
      process.destroyForcibly();
      throw new OutageException("the broker did not start: " + String.join(" | ", lastLines(log)));
    } catch (IOException e) {
      throw new OutageException("the broker did not start: " + IoReason.of(e), e);
    }
  }

  /** The shell has it ignore Ctrl-C, which reaches the whole group: this process ends it last. */
  private static List<String> command(Path data) {
    return List.of(
        "/bin/sh",
        "-c",
        "trap '' INT; exec \"$@\"",
        "sh",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xms384m",
        "-Xmx384m",
        "-XX:+UseG1GC",
        "-cp",
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator)),
        BrokerMain.class.getName(),
        data.toString());
  }

  private static List<String> lastLines(Path log) throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return lines.subList(Math.max(0, lines.size() - 3), lines.size());
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /** Processor time that it has used, in steps of 10 ms. */
  long cpuNanos() {
    return process.toHandle().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

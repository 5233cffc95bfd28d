package io.gatestream.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;

/** A {@code ./gatestream} process of a test and the files that its output goes to. */
final class Running {
  /** Generous: it only keeps a test from hanging; more for a machine that does much else. */
  static final long PATIENCE_SECONDS = Long.getLong("patience.seconds", 120);

  /** What {@code run} promises: supervisors kill after this. */
  static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private static final int TAIL = 40;

  private static final Pattern PROCESSING =
      Pattern.compile("StreamThread|StateUpdater|gatestream-");

  private final String name;
  private final Process process;
  private final Path out;
  private final Path err;

  Running(String name, Process process, Path out, Path err) {
    this.name = name;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  String name() {
    return name;
  }

  Process process() {
    return process;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Resident memory, as Linux tells it. */
  long residentKib() {
    requireAlive();
    Matcher found =
        Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$")
            .matcher(text(Path.of("/proc/%d/status".formatted(process.pid()))));
    Assertions.assertThat(found.find()).as("VmRSS of %s", this).isTrue();
    return Long.parseLong(found.group(1));
  }

  /** What it has printed so far. */
  String out() {
    return text(out);
  }

  /** Log and errors so far. */
  String err() {
    return text(err);
  }

  /** Waits until the log has a line with {@code pattern}; gives its first group. */
  String awaitErr(String pattern) {
    return await(pattern, err);
  }

  String awaitOut(String pattern) {
    return await(pattern, out);
  }

  private String await(String pattern, Path file) {
    Pattern wanted = Pattern.compile(pattern);
    String[] found = {""};
    Wait.until(
        () -> "'%s' in the output of %s".formatted(pattern, this),
        () -> {
          Matcher matcher = wanted.matcher(text(file));
          if (matcher.find()) {
            found[0] = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
            return true;
          }
          requireAlive();
          return false;
        });
    return found[0];
  }

  /** Fails where the process has ended. */
  void requireAlive() {
    if (!process.isAlive()) {
      Assertions.fail("%s ended with exit code %d%n%s", name, process.exitValue(), tail());
    }
  }

  /** SIGSTOP: it stands still and knows nothing of it. */
  void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      Assertions.assertThat(kill.waitFor()).as("kill -%s %s", name, this).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM; gives the exit code. */
  int terminate() {
    process.destroy();
    return awaitExit();
  }

  /**
   * SIGTERM, and fails where the process is not gone within {@link #CLOSE_LIMIT}, left with another
   * exit code than 0, or logged a stack trace.
   */
  void terminateInTime() {
    long start = System.nanoTime();
    int exit = terminate();
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    Assertions.assertThat(exit).as(this::tail).isZero();
    Assertions.assertThat(taken).as("%s: time to close", name).isLessThan(CLOSE_LIMIT);
    Assertions.assertThat(err()).doesNotContain("\tat ");
  }

  /** SIGKILL, and waits until the process is gone. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  int awaitExit() {
    return awaitExit(PATIENCE_SECONDS);
  }

  /** As the other, for a command that takes longer. */
  int awaitExit(long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        Assertions.fail("%s does not end%n%s", this, tail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * What the threads that process frames are at, for a test that failed; empty where the process
   * has ended.
   */
  String threads() {
    if (!process.isAlive()) {
      return "";
    }
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process dump =
          new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "Thread.print")
              .redirectErrorStream(true)
              .start();
      String all = new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(all.split("\n\n"))
          .filter(thread -> PROCESSING.matcher(thread).find())
          .collect(Collectors.joining("\n", "--- threads of %s%n".formatted(this), "\n"));
    } catch (IOException e) {
      return "no threads of %s: %s%n".formatted(this, e);
    }
  }

  /** The last lines of its output and log. */
  String tail() {
    return "--- %s%n%s%n--- %s%n%s"
        .formatted(
            out, last(out).orElse("(nothing printed)"), err, last(err).orElse("(nothing logged)"));
  }

  private static Optional<String> last(Path file) {
    List<String> lines = text(file).lines().toList();
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size())));
  }

  private static String text(Path file) {
    try {
      return Files.exists(file)
          ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
          : "(not kept)";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "%s (pid %d, %s)"
        .formatted(
            name,
            process.pid(),
            process.isAlive() ? "running" : "exit code " + process.exitValue());
  }
}

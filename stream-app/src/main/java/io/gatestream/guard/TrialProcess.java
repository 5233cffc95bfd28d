package io.gatestream.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs {@link DecodeTrial} in a process of its own: the same Java, class path and memory as this
 * one. For one thread.
 */
final class TrialProcess {
  /** Variables that put options into every JVM: what this one got by them is passed on by name. */
  private static final List<String> OPTION_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** Beyond the process's own limit. */
  private static final long GRACE_SECONDS = 10;

  private final TrialSettings settings;
  private final long seconds;

  /**
   * Creates trials.
   *
   * @param seconds a trial may take
   */
  TrialProcess(TrialSettings settings, long seconds) {
    this.settings = settings;
    this.seconds = seconds;
  }

  /**
   * Decodes records one after the other in a new process.
   *
   * @param folder an empty one for its files, the caller's to delete
   * @throws IOException the process cannot be started
   */
  TrialOutcome run(Path folder, List<byte[]> values) throws IOException, InterruptedException {
    Path input = folder.resolve("records");
    Path report = folder.resolve("error-report");
    Path begun = folder.resolve("begun");
    write(values, input);
    ProcessBuilder builder =
        new ProcessBuilder(command(report, begun))
            .directory(folder.toFile()) // a core file is deleted with it
            .redirectInput(input.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    OPTION_VARIABLES.forEach(builder.environment()::remove);
    Process process = builder.start();
    try {
      if (!process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
        return new TrialOutcome.Undecided("no end within %d s".formatted(seconds));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    if (process.exitValue() != TrialOutcome.DONE && !Files.exists(begun)) {
      return new TrialOutcome.Undecided(
          "exit value %d before the first record".formatted(process.exitValue()));
    }
    Optional<String> text =
        Files.exists(report) ? Optional.of(Files.readString(report, ISO_8859_1)) : Optional.empty();
    return TrialOutcome.of(process.pid(), process.exitValue(), text);
  }

  private static void write(List<byte[]> values, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (byte[] value : values) {
        out.writeInt(value.length);
        out.write(value);
      }
    }
  }

  private List<String> command(Path report, Path begun) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(settings.javaOptions());
    command.add("-XX:ErrorFile=" + report);
    command.add("-XX:+CreateCoredumpOnCrash"); // without it the signal does not show
    command.add("-cp");
    command.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(DecodeTrial.class.getName());
    command.add(settings.bundle().toString());
    command.add(Integer.toString(settings.limits().maxSide()));
    command.add(Long.toString(settings.limits().maxPixels()));
    command.add(Integer.toString(settings.limits().maxSegmentFrames()));
    command.add(Integer.toString(settings.limits().maxScans()));
    command.add(Long.toString(settings.limits().maxWork()));
    command.add(settings.limits().strayBytes().name());
    command.add(settings.limits().jpegDepth().name());
    command.add(Long.toString(seconds));
    command.add(begun.toString());
    return command;
  }
}

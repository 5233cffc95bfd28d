package io.gatestream.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Starts {@code ./gatestream} as a user does, for one test. Output goes to files in the test's
 * folder, temporary files too; closing ends every process that still runs, each by its own handle.
 */
final class Gatestream implements AutoCloseable {
  /** The checkout. */
  static final Path ROOT =
      Path.of(System.getProperty("gatestream.root", "..")).toAbsolutePath().normalize();

  static final Path SAMPLES = ROOT.resolve("stream-app/samples");
  static final Path BUNDLE = ROOT.resolve("stream-app/models/object-motion");

  /** Options of the JVM, beside the test's own. */
  static final String JAVA_OPTS = "GATESTREAM_JAVA_OPTS";

  /**
   * Processes of tests live for seconds: compiling all of their code once more, for a speed that
   * they never need, would cost half of their processor time. {@code -Dprocess.java.options=} runs
   * them as users do, for long runs.
   */
  static final String SHORT_LIVED =
      System.getProperty("process.java.options", "-XX:TieredStopAtLevel=1");

  private static final Path OUTPUT = ROOT.resolve("integration-tests/target/it");

  private final Path folder;
  private final List<Running> all = new CopyOnWriteArrayList<>();
  private final Thread lastResort = new Thread(this::killAll, "kill-processes-of-tests");

  /** Processes of the test {@code test}, in a new and empty folder. */
  Gatestream(String test) {
    folder = OUTPUT.resolve(test);
    Folders.delete(folder);
    Folders.create(folder.resolve("tmp"));
    // The launcher's exec makes a process' id the JVM's: none survives this JVM.
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  /** The test's own folder. */
  Path folder() {
    return folder;
  }

  /** Starts a command; {@code name} names its files. */
  Running start(String name, String... arguments) {
    return start(name, Map.of(), List.of(arguments));
  }

  Running start(String name, Map<String, String> environment, List<String> arguments) {
    return start(name, environment, arguments, true);
  }

  /** As {@link #start}, but the caller reads its standard output. */
  Running startPiped(String name, String... arguments) {
    return start(name, Map.of(), List.of(arguments), false);
  }

  /** Runs a command to its end. */
  Running run(String name, String... arguments) {
    return run(name, Map.of(), arguments);
  }

  Running run(String name, Map<String, String> environment, String... arguments) {
    Running running = start(name, environment, List.of(arguments));
    running.awaitExit();
    return running;
  }

  private Running start(
      String name, Map<String, String> environment, List<String> arguments, boolean toFile) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("gatestream").toString());
    command.addAll(arguments);
    Path out = folder.resolve(name + ".out.log");
    Path err = folder.resolve(name + ".err.log");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(err.toFile());
    if (toFile) {
      builder.redirectOutput(out.toFile());
    }
    Map<String, String> inherited = builder.environment();
    inherited.keySet().removeIf(variable -> variable.startsWith("GATESTREAM_"));
    inherited.put("JAVA_HOME", System.getProperty("java.home"));
    inherited.put("GATESTREAM_HEAP", "256m");
    inherited.put("GATESTREAM_CALIBRATE", "false"); // seconds of each start; CalibrationTest has it
    Path temporary = Folders.create(folder.resolve("tmp").resolve(name));
    inherited.put("TMPDIR", folder.toString());
    inherited.putAll(environment);
    inherited.merge(
        JAVA_OPTS,
        "%s -Djava.io.tmpdir=%s".formatted(SHORT_LIVED, temporary),
        (given, own) -> own + " " + given);
    try {
      Running running = new Running(name, builder.start(), out, err);
      all.add(running);
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts another program than the checkout's launcher, with this environment and no more. */
  Running startProgram(String name, Map<String, String> environment, List<String> command) {
    Path out = folder.resolve(name + ".out.log");
    Path err = folder.resolve(name + ".err.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      Running running = new Running(name, builder.start(), out, err);
      all.add(running);
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The ends of all logs, and what still runs is at, for a test that failed. */
  String tails() {
    StringBuilder text = new StringBuilder();
    all.forEach(
        running ->
            text.append(running)
                .append('\n')
                .append(running.tail())
                .append('\n')
                .append(running.threads()));
    return text.toString();
  }

  /** Files of JVMs that crashed: the launcher has them written to TMPDIR. */
  List<String> crashes() {
    return Folders.files(folder).stream()
        .filter(file -> file.contains("gatestream-crash-") || file.contains("hs_err_pid"))
        .toList();
  }

  /** Deletes what a process that was killed has left in its folder for temporary files. */
  void deleteTemporaryFilesOf(Running ended) {
    Folders.delete(folder.resolve("tmp").resolve(ended.name()));
  }

  private void killAll() {
    for (Running running : all) {
      running.process().destroyForcibly();
    }
  }

  @Override
  public void close() {
    killAll();
    all.forEach(Running::awaitExit);
    Runtime.getRuntime().removeShutdownHook(lastResort);
    Folders.delete(folder.resolve("tmp"));
    Folders.delete(folder.resolve("state"));
  }

  /** Arguments of a {@code run} that takes over quickly, with state in the test's folder. */
  List<String> runArguments(String bootstrapServers, String applicationId, TopicNames topics) {
    return List.of(
        "run",
        "--bootstrap-servers",
        bootstrapServers,
        "--application-id",
        applicationId,
        "--frames-topic",
        topics.frames(),
        "--labels-topic",
        topics.labels(),
        "--rejected-topic",
        topics.rejected(),
        "--events-topic",
        topics.events(),
        "--create-topics",
        "true",
        "--state-dir",
        folder.resolve("state").toString(),
        "--kafka",
        "session.timeout.ms=6000",
        "--kafka",
        "heartbeat.interval.ms=1500");
  }

  /** Starts a {@code run}. */
  Running startRun(
      String name,
      String bootstrapServers,
      String applicationId,
      TopicNames topics,
      String... more) {
    List<String> arguments = new ArrayList<>(runArguments(bootstrapServers, applicationId, topics));
    arguments.addAll(List.of(more));
    return start(name, Map.of(), arguments);
  }
}

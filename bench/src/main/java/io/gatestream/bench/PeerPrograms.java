package io.gatestream.bench;

import io.gatestream.config.Home;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The launcher of Gatestream and the programs of bench/peers, with their Python. Immutable. */
final class PeerPrograms {
  private static final int MISSING = 2;

  private final Path home;
  private final Path python;

  private PeerPrograms(Path home, Path python) {
    this.home = home;
    this.python = python;
  }

  /**
   * Makes the Python environment where this machine does not have it yet; it says so on standard
   * error.
   *
   * @param folder for output
   * @throws ConfigException this is no checkout, or there is no Python that will do
   * @throws OutageException the environment could not be made
   */
  static PeerPrograms prepare(Path folder) throws InterruptedException {
    Path home = Home.path().orElse(Path.of("."));
    Path lock = home.resolve("bench/peers/requirements.lock");
    if (!Files.exists(lock)) {
      throw new ConfigException(
          "--peers needs a checkout of Gatestream: there is no bench/peers in " + home);
    }
    List<String> command =
        List.of(home.resolve("model-export/setup-venv").toString(), lock.toString());
    try (ChildProcess setup =
        ChildProcess.startLoud("model-export/setup-venv", command, folder.resolve("setup-venv"))) {
      int code = setup.waitFor();
      if (code == MISSING) {
        throw new ConfigException(
            "the peers need Python 3.10 or newer, with venv: see what setup-venv says above");
      }
      if (code != 0) {
        throw new OutageException(
            "the peers' libraries could not be installed: see what setup-venv says above");
      }
      return new PeerPrograms(home, Path.of(setup.output().strip(), "bin", "python"));
    }
  }

  /**
   * Fails where the peers cannot serve a bundle.
   *
   * @throws ConfigException with the reasons
   */
  void requireServable(Path bundle, Path folder) throws InterruptedException {
    List<String> command = List.of(python.toString(), program("model.py"), bundle.toString());
    try (ChildProcess check =
        ChildProcess.start("model.py", command, folder.resolve("model.log"))) {
      if (check.waitFor() != 0) {
        throw new ConfigException("%s: %s".formatted(bundle, check.lastLine()));
      }
    }
  }

  /**
   * What a run reads and writes.
   *
   * @param states compacted, with the partitions of frames; used by some only
   * @param group consumer group, and what the ids of transactions begin with
   * @param folder an empty one, for local states and output
   */
  record Job(
      String bootstrapServers,
      Path bundle,
      String frames,
      String labels,
      String states,
      String rejected,
      String group,
      Path folder) {}

  /** The command lines of a peer's processes, which share the work of so many cores. */
  List<List<String>> commands(Peer peer, Job job, int cores) {
    return switch (peer) {
      case GATESTREAM -> List.of(run(job));
      case P1 -> each(cores, number -> python("plain.py", job));
      case P1T -> List.of(python("plain.py", job, "--threads", Integer.toString(cores)));
      case P2 -> each(cores, number -> exactlyOnce(job, number, 0));
      case P2T -> List.of(exactlyOnce(job, 0, cores));
      case P3 -> each(cores, number -> quix(job, number, "5"));
      case P3F -> each(cores, number -> quix(job, number, "0.1"));
    };
  }

  private List<String> run(Job job) {
    return List.of(
        home.resolve("gatestream").toString(),
        "run",
        "--bootstrap-servers",
        job.bootstrapServers,
        "--model",
        job.bundle.toString(),
        "--frames-topic",
        job.frames,
        "--labels-topic",
        job.labels,
        "--rejected-topic",
        job.rejected,
        "--events", // the peers make none
        "false",
        "--create-topics",
        "--application-id",
        job.group,
        "--state-dir",
        job.folder.resolve("state").toString());
  }

  private interface Numbered {
    List<String> command(int number);
  }

  private static List<List<String>> each(int cores, Numbered numbered) {
    List<List<String>> commands = new ArrayList<>();
    for (int number = 0; number < cores; number++) {
      commands.add(numbered.command(number));
    }
    return commands;
  }

  private List<String> exactlyOnce(Job job, int number, int threads) {
    return python(
        "exactly_once.py",
        job,
        "--states-topic",
        job.states,
        "--transactional-id",
        "%s-%d".formatted(job.group, number),
        "--threads",
        Integer.toString(threads));
  }

  private List<String> quix(Job job, int number, String commit) {
    return python(
        "quix.py",
        job,
        "--state-dir",
        job.folder.resolve("state-%d".formatted(number)).toString(),
        "--commit",
        commit);
  }

  private List<String> python(String program, Job job, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                python.toString(),
                program(program),
                job.bundle.toString(),
                "--bootstrap-servers",
                job.bootstrapServers,
                "--frames-topic",
                job.frames,
                "--labels-topic",
                job.labels,
                "--group",
                job.group));
    command.addAll(List.of(more));
    return command;
  }

  private String program(String name) {
    return home.resolve("bench/peers").resolve(name).toString();
  }
}

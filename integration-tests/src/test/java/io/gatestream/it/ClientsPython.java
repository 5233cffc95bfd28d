package io.gatestream.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/**
 * The Python environment of the programs in {@code docs/clients}: made by their own {@code
 * requirements.txt}, as the page tells its readers, and kept until that file changes.
 */
final class ClientsPython {
  private static final Path PROGRAMS = Gatestream.ROOT.resolve("docs/clients");
  private static final Path REQUIREMENTS = PROGRAMS.resolve("requirements.txt");
  private static final Path VENV =
      Gatestream.ROOT.resolve("integration-tests/target/venv-of-clients");

  /** A copy of the requirements that the environment was made of: the last file of its making. */
  private static final Path MADE_OF = VENV.resolve("requirements.txt");

  private static final long INSTALL_SECONDS = 300;

  private final Path folder;

  /**
   * Makes the environment if need be.
   *
   * @param folder for the output of programs
   */
  ClientsPython(Path folder) {
    this.folder = folder;
    if (!isMade()) {
      Folders.delete(VENV);
      String python = System.getenv().getOrDefault("GATESTREAM_PYTHON", "python3");
      require(run("venv", List.of(python, "-m", "venv", VENV.toString())));
      require(
          run(
              "pip",
              List.of(
                  python().toString(),
                  "-m",
                  "pip",
                  "install",
                  "--disable-pip-version-check",
                  "--no-input",
                  "--requirement",
                  REQUIREMENTS.toString())));
      copyRequirements();
    }
  }

  private static boolean isMade() {
    try {
      return Files.exists(MADE_OF) && Files.mismatch(MADE_OF, REQUIREMENTS) < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyRequirements() {
    try {
      Files.copy(REQUIREMENTS, MADE_OF);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path python() {
    return VENV.resolve("bin/python");
  }

  /** Runs a program of {@code docs/clients} to its end; {@code name} names its files. */
  Running run(String name, String program, List<String> arguments) {
    List<String> command =
        new ArrayList<>(List.of(python().toString(), PROGRAMS.resolve(program).toString()));
    command.addAll(arguments);
    return run(name, command);
  }

  /** Runs a command to its end, and ends it where that takes too long. */
  private Running run(String name, List<String> command) {
    Path out = folder.resolve(name + ".out.log");
    Path err = folder.resolve(name + ".err.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    try {
      Process process = builder.start();
      Running running = new Running(name, process, out, err);
      if (!process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        Assertions.fail("%s does not end%n%s", name, running.tail());
      }
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void require(Running done) {
    Assertions.assertThat(done.process().exitValue()).as(done::tail).isZero();
  }
}

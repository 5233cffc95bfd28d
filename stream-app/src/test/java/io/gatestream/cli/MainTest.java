package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
  @TempDir Path folder;

  @Test
  void unknownFlagIsWrongUsage() {
    Outcome outcome = run("--no-such-flag");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--no-such-flag").contains("--help");
  }

  @Test
  void missingCommandIsWrongUsage() {
    Outcome outcome = run();
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("no command is given").contains("--help");
  }

  @Test
  void helpNamesEachCommandAndIsNoError() {
    Outcome outcome = run("--help");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).doesNotContain("Usage:");
  }

  @Test
  void wrongSettingIsOneLineWithoutStackTrace() throws Exception {
    Outcome outcome = run("broker", "--data", foreignFolder());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("error: ").contains("holds other files");
    assertThat(outcome.err().lines()).hasSize(1);
  }

  @Test
  void verbosePrintsStackTrace() throws Exception {
    for (String[] args :
        new String[][] {
          {"--verbose", "broker", "--data", foreignFolder()},
          {"broker", "--verbose", "--data", foreignFolder()}
        }) {
      Outcome outcome = run(args);
      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.err()).contains("ConfigException").contains("\tat ");
    }
  }

  private String foreignFolder() throws Exception {
    Path file = folder.resolve("other.txt");
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    return folder.toString();
  }

  private record Outcome(int code, String err) {}

  private static Outcome run(String... args) {
    PrintStream former = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (PrintStream err = new PrintStream(written, true, UTF_8)) {
      System.setErr(err);
      int code = Main.execute(args);
      return new Outcome(code, written.toString(UTF_8));
    } finally {
      System.setErr(former);
    }
  }
}

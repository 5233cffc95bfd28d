package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.DataException;
import io.gatestream.errors.OutageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.KafkaException;
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

  @Test
  void aMistakeIsSaidWithoutStackAndIsWrongUsage() {
    Outcome outcome = report(new ConfigException(List.of("--a is missing", "--b is twice there")));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err().lines())
        .containsExactly("error: --a is missing", "error: --b is twice there");
  }

  @Test
  void aSettingThatKafkaRefusesIsAMistakeToo() {
    Outcome outcome =
        report(
            new KafkaException(
                "Failed to construct",
                new org.apache.kafka.common.config.ConfigException("acks is 7")));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err().lines())
        .containsExactly("error: Kafka cannot use a setting: acks is 7");
  }

  @Test
  void badDataIsSaidByPlaceWithoutStack() {
    Outcome outcome = report(new DataException(List.of("t.csv row 2: no end", "t.csv row 9: bad")));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err().lines())
        .containsExactly("error: t.csv row 2: no end", "error: t.csv row 9: bad");
  }

  @Test
  void anOutageIsSaidWithoutStack() {
    Outcome outcome =
        report(new OutageException("no broker answers: look", new IOException("reset by peer")));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err().lines()).containsExactly("error: no broker answers: look");
  }

  @Test
  void anythingElseIsABugWithStackAndWhatToReport() {
    Outcome outcome =
        report(new IllegalStateException("no picture", new ArithmeticException("by zero")));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("error: this is a bug in Gatestream: no picture; cause: by zero\n")
        .contains("java.lang.IllegalStateException: no picture\n\tat ")
        .contains("Caused by: java.lang.ArithmeticException: by zero\n")
        .contains("report it")
        .contains("version: " + Version.text() + "\n")
        .contains("command: gatestream run --model m --kafka ssl.key.password=***\n")
        .contains("Java:    " + System.getProperty("java.vm.name"))
        .contains("system:  " + System.getProperty("os.name"));
  }

  /** As for what a command throws. */
  private static Outcome report(Throwable failure) {
    StringWriter err = new StringWriter();
    int code =
        Main.report(
            failure,
            List.of("run", "--model", "m", "--kafka", "ssl.key.password=two words"),
            Main.commandLine().setErr(new PrintWriter(err)),
            false);
    return new Outcome(code, err.toString());
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

package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.TestBundles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
final class ModelInspectTest {
  @TempDir Path folder;

  @Test
  void textSaysWhatIsInTheBundle() {
    Outcome outcome = run("model", "inspect", TestBundles.tinyLstm().toString());
    assertThat(outcome.code()).isZero();
    ModelBundle bundle = BundleReader.load(TestBundles.tinyLstm());
    assertThat(outcome.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
        .contains(
            "name|tiny-lstm",
            "labels|none, walk, wave",
            "background|none",
            "activation|sigmoid, temperature 2",
            "thresholds|{walk=0.6}",
            "input|16 x 16 pixels, RGB",
            "resize|stretch, interpolation area",
            "region of interest|the whole frame",
            "frame rate|10 frames a second: one each 100 ms",
            "feature size|6 floats",
            "state 'hidden'|[1, 4], 16 bytes, starts at given values",
            "state 'cell'|[1, 4], 16 bytes, starts at zero",
            "state of one stream|32 bytes",
            "elapsed time|not taken",
            "auxiliary|not taken",
            "bit-equal batches|encoder 1, 2, 3, 4, 8",
            "|step 1, 2, 3, 4, 8",
            "state fingerprint|" + bundle.stateFingerprint(),
            "bundle fingerprint|" + bundle.bundleFingerprint(),
            "licence|Apache-2.0",
            "attribution|NOTICE.md",
            "|data|none: seeded weights")
        .anyMatch(line -> line.matches("step.onnx\\|\\d+ bytes, SHA-256 verified"))
        .anyMatch(
            line ->
                line.matches(
                    "rough time on the CPU\\|encoder [\\d.]+ ms, step [\\d.]+ ms .*median of"
                        + " 20.*"));
  }

  @Test
  void elapsedAuxiliaryAndMemorylessAreSaid() {
    assertThat(run("model", "inspect", TestBundles.tinyElapsed().toString()).out())
        .containsPattern("elapsed time +taken by the step")
        .containsPattern("auxiliary +2 side features a frame");
    assertThat(run("model", "inspect", TestBundles.tinyMemoryless().toString()).out())
        .containsPattern("state of one stream +none: memoryless")
        .containsPattern("frame rate +every frame");
  }

  @Test
  void valuesStandInOneColumn() {
    List<String> lines =
        run("model", "inspect", TestBundles.tinyGru().toString())
            .out()
            .lines()
            .takeWhile(line -> !line.isEmpty())
            .toList();
    int column = lines.get(0).indexOf("tiny-gru");
    assertThat(lines)
        .allMatch(line -> line.charAt(column - 1) == ' ' && line.charAt(column) != ' ');
  }

  @Test
  void jsonIsOneObjectWithTheContract() throws Exception {
    Outcome outcome = run("model", "inspect", "--format", "json", TestBundles.tinyGru().toString());
    assertThat(outcome.code()).isZero();
    JsonNode json = new JsonMapper().readTree(outcome.out());
    assertThat(json.path("stateBytesPerStream").asInt()).isEqualTo(16);
    assertThat(json.path("hashesVerified").asBoolean()).isTrue();
    assertThat(json.path("files")).hasSize(3);
    assertThat(json.path("roughCpuTimes").path("medianOf").asInt()).isEqualTo(20);
    assertThat(json.path("roughCpuTimes").path("stepMillis").asDouble()).isPositive();
    assertThat(json.path("contract").path("labels")).hasSize(3);
  }

  @Test
  void aProviderIsHeldAgainstTheCpu() throws Exception {
    String bundle = TestBundles.tinyGru().toString();
    Outcome text = run("model", "inspect", bundle, "--provider", "cpu");
    assertThat(text.code()).isZero();
    assertThat(text.out())
        .containsPattern("encoder on cpu +\\d+ nodes by CPUExecutionProvider")
        .containsPattern("step on cpu +\\d+ nodes by CPUExecutionProvider")
        .containsPattern("features, batch 4 +within 0.0 of the CPU, allowed 0.00010")
        .doesNotContain("TOO FAR");
    Outcome json = run("model", "inspect", bundle, "--provider", "cpu", "--format", "json");
    JsonNode parity = new JsonMapper().readTree(json.out()).path("parity");
    assertThat(parity.path("provider").asText()).isEqualTo("cpu");
    assertThat(parity.path("withinTolerance").asBoolean()).isTrue();
    assertThat(parity.path("encoderNodes").path("CPUExecutionProvider").asInt()).isPositive();
    assertThat(parity.path("differences")).isNotEmpty();
  }

  @Test
  void aProviderThatCannotBeHadIsWrongUsage() {
    String bundle = TestBundles.tinyGru().toString();
    Outcome outcome = run("model", "inspect", bundle, "--provider", "cuda");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("provider cuda").doesNotContain("\tat ");
    assertThat(run("model", "inspect", bundle, "--provider", "cpu", "--gpu-device", "-1").err())
        .contains("--gpu-device is -1");
  }

  @Test
  void aMissingBundleIsWrongUsage() {
    Outcome outcome = run("model", "inspect", folder.resolve("none").toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .startsWith("error: no model bundle at " + folder.resolve("none"))
        .hasLineCount(1);
  }

  @Test
  void everyProblemOfABadBundleIsPrinted() throws Exception {
    for (String file : List.of("model.json", "encoder.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
    Path contract = folder.resolve("model.json");
    Files.writeString(
        contract,
        Files.readString(contract)
            .replace("\"temperature\": 1.0", "\"temperature\": 0")
            .replace("\"softmax\"", "\"relu\""));
    Outcome outcome = run("model", "inspect", folder.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .hasLineCount(3)
        .contains("temperature is 0")
        .contains("activation is \"relu\"")
        .contains("names the file step.onnx, which is missing");
  }

  @Test
  void aGraphOtherThanTheContractSaysIsWrongUsage() throws Exception {
    for (String file : List.of("model.json", "encoder.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
    Files.copy(TestBundles.tinyGru().resolve("encoder.onnx"), folder.resolve("step.onnx"));
    ModelBundle whole = BundleReader.load(TestBundles.tinyGru());
    Path contract = folder.resolve("model.json");
    Files.writeString(
        contract,
        Files.readString(contract).replace(whole.step().sha256(), whole.encoder().sha256()));
    Outcome outcome = run("model", "inspect", folder.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("expected the input 'hidden' as model.json says");
  }

  /** ONNX Runtime's start dies of it on a small stack; in this process it has started already. */
  @Test
  void aLongCommandLineDoesNotCrashTheProcess() throws Exception {
    Path log = folder.resolve("log.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dpadding=" + "x".repeat(100_000),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "model",
            "inspect",
            TestBundles.tinyGru().toString());
    builder.environment().remove("ORT_DISABLE_TELEMETRY");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log)).contains("tiny-gru");
  }

  @Test
  void helpHasExamplesAndNoSubcommandIsWrongUsage() {
    Outcome help = run("model", "inspect", "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("Examples:").contains("./gatestream model inspect ");
    assertThat(run("model").code()).isEqualTo(2);
    assertThat(run("model", "inspect").code()).isEqualTo(2);
  }

  private record Outcome(int code, String out, String err) {}

  private static Outcome run(String... args) {
    PrintStream formerOut = System.out;
    PrintStream formerErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, UTF_8));
      System.setErr(new PrintStream(err, true, UTF_8));
      int code = Main.execute(args);
      return new Outcome(code, out.toString(UTF_8), err.toString(UTF_8));
    } finally {
      System.setOut(formerOut);
      System.setErr(formerErr);
    }
  }
}

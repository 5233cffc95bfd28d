package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code measure/gpu} on a machine without a GPU: the same phases on the CPU, as small as they go,
 * and what it says where something is missing.
 */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 45, unit = TimeUnit.MINUTES)
class GpuScriptTest {
  private static final Path FOLDER = Gatestream.ROOT.resolve("integration-tests/measure");
  private static final Path SCRIPT = FOLDER.resolve("gpu");
  private static final int PATIENCE_SECONDS = 2_400;

  /** Comparing labels, finding CUDA, splitting and joining, judging: without a process. */
  @Test
  void theStepsPassTheirUnitTests(Gatestream gatestream) {
    Running tests =
        gatestream.startProgram(
            "steps",
            Map.of("PATH", System.getenv("PATH")),
            List.of(
                "python3",
                "-B",
                "-m",
                "unittest",
                "discover",
                "-s",
                FOLDER.toString(),
                "-p",
                "gpu_steps_test.py"));
    assertThat(tests.awaitExit()).as(tests::tail).isZero();
    assertThat(tests.err()).containsPattern("Ran \\d\\d tests");
  }

  @Test
  void theDryRunProvesAndMeasuresEveryPhase(Gatestream gatestream) throws IOException {
    Path out = gatestream.folder().resolve("out");

    Running run =
        gpu(gatestream, "dry", "run", Gatestream.ROOT.toString(), "--total-seconds", "2300");

    assertThat(run.process().exitValue()).as(run::tail).isZero();
    JsonNode phases = json(out.resolve("gpu.json")).get("phases");
    JsonNode parity = phases.get("provider").get("bundles").get("object-motion");
    assertThat(parity.get("provider").asText()).isEqualTo("cpu");
    assertThat(parity.get("withinTolerance").asBoolean()).isTrue();
    JsonNode kills = phases.get("exactly-once");
    assertThat(kills.get("kills").asInt()).isEqualTo(3);
    assertThat(kills.get("labels").asInt())
        .isEqualTo(kills.get("undisturbed").asInt())
        .isGreaterThan(8 * 60);
    assertThat(kills.get("problems")).isEmpty();
    assertThat(kills.get("largestScoreDifference").asDouble()).isZero();
    for (String stage : List.of("decode", "encode", "step")) {
      assertThat(phases.get("stages").get("stages"))
          .anyMatch(figure -> figure.get("stage").asText().equals(stage));
    }
    phases
        .get("stages")
        .get("stages")
        .forEach(figure -> assertThat(figure.get("fps").asDouble()).isPositive());
    assertThat(phases.get("rates").get("endToEndFps").asDouble()).isPositive();
    assertThat(phases.get("rates").get("delays").get(0).get("load").asInt()).isEqualTo(70);
    for (String phase : List.of("provider", "exactly-once", "stages", "rates")) {
      assertThat(phases.get(phase).get("hostPeakMiB").asInt()).as(phase).isPositive();
      assertThat(json(out.resolve("gpu-%s.json".formatted(phase)))).isEqualTo(phases.get(phase));
    }
    assertThat(run.out())
        .contains("labels after 3 kills", "end to end, frames a second", "at least 10000")
        .doesNotContain("MISSED");
  }

  /**
   * The runtime, the jars and the clips come out of the pieces; nothing of the checkout is used.
   */
  @Test
  void whatIsPackedRunsWhereThereIsNeitherJavaNorCheckout(Gatestream gatestream) throws Exception {
    Optional<Path> archive = Folders.distribution();
    assumeThat(archive).as("an archive in dist/target: ./mvnw package -Pdist").isPresent();
    Path pieces = gatestream.folder().resolve("pieces");
    Running pack =
        start(
            gatestream,
            "pack",
            SCRIPT,
            List.of(
                "pack",
                pieces.toString(),
                "--cuda",
                "none",
                "--xz",
                "0",
                "--distribution",
                archive.get().toString()),
            Map.of("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin"));
    assertThat(pack.awaitExit(PATIENCE_SECONDS)).as(pack::tail).isZero();
    assertThat(Files.size(pieces.resolve("app.tar.xz.001"))).isEqualTo(40L << 20);

    Running run =
        start(
            gatestream,
            "packed",
            pieces.resolve("gpu"),
            List.of("run", pieces.toString(), "--provider", "cpu", "--phases", "provider"),
            Map.of("PATH", "/usr/bin:/bin"));
    assertThat(run.awaitExit(PATIENCE_SECONDS)).as(run::tail).isZero();
    assertThat(run.out()).contains("object-motion: nodes of the encoder by provider");

    Files.delete(pieces.resolve("app.tar.xz.002"));
    Running incomplete =
        start(
            gatestream,
            "incomplete",
            pieces.resolve("gpu"),
            List.of("run", pieces.toString(), "--provider", "cpu", "--phases", "provider"),
            Map.of("PATH", "/usr/bin:/bin"));
    assertThat(incomplete.awaitExit(PATIENCE_SECONDS)).as(incomplete::tail).isEqualTo(2);
    assertThat(incomplete.err()).contains("app.tar.xz.002 is missing: carry it too");
    Folders.delete(pieces);
  }

  @Test
  void everyPieceThatIsMissingOrDamagedIsNamed(Gatestream gatestream) throws IOException {
    Path pieces = Folders.create(gatestream.folder().resolve("pieces"));
    Files.writeString(pieces.resolve("app.tar.xz.001"), "short");
    Files.writeString(pieces.resolve("app.tar.xz.003"), "damaged");
    Files.writeString(
        pieces.resolve("manifest.json"),
        """
        {"format": 1, "version": "0", "cuda": [], "pieces": [
          {"name": "app.tar.xz.001", "archive": "app.tar.xz", "bytes": 7, "sha256": "00"},
          {"name": "app.tar.xz.002", "archive": "app.tar.xz", "bytes": 7, "sha256": "00"},
          {"name": "app.tar.xz.003", "archive": "app.tar.xz", "bytes": 7, "sha256": "00"}]}
        """,
        UTF_8);

    Running run = gpu(gatestream, "damaged", "run", pieces.toString());

    requireUsage(
        run,
        "app.tar.xz.001 has 5 bytes, not 7",
        "app.tar.xz.002 is missing",
        "app.tar.xz.003 is damaged");
    Files.writeString(pieces.resolve("manifest.json"), "{");
    requireUsage(gpu(gatestream, "manifest", "run", pieces.toString()), "manifest.json is damaged");
  }

  @Test
  void aMachineWithoutAGpuIsToldSoBeforeAnythingIsUnpacked(Gatestream gatestream) {
    assumeThat(Files.exists(Path.of("/dev/nvidia0"))).as("a GPU is here").isFalse();
    Running run = gpu(gatestream, "cuda", "run", Gatestream.ROOT.toString(), "--provider", "cuda");
    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(2);
    assertThat(run.err()).contains("NVIDIA driver").doesNotContain("Traceback");
  }

  @Test
  void wrongArgumentsAreNamed(Gatestream gatestream) {
    String root = Gatestream.ROOT.toString();
    requireUsage(gpu(gatestream, "phase", "run", root, "--phases", "provider,x"), "--phases", "x");
    requireUsage(gpu(gatestream, "nowhere", "run", "/no/such/folder"), "/no/such/folder");
    requireUsage(
        gpu(gatestream, "bundle", "run", root, "--bundle", "/no/bundle"),
        "/no/bundle",
        "model.json");
    requireUsage(gpu(gatestream, "full", "pack", root), "is not an empty folder");
  }

  private static void requireUsage(Running run, String... said) {
    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(2);
    assertThat(run.err()).contains(said).doesNotContain("Traceback");
    assertThat(run.out()).isEmpty();
  }

  /** On the CPU unless said otherwise, with its work in the test's folder. */
  private static Running gpu(Gatestream gatestream, String name, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (arguments[0].equals("run")) {
      all.addAll(
          List.of(
              "--work",
              gatestream.folder().resolve("work").toString(),
              "--out",
              gatestream.folder().resolve("out").toString()));
      if (!all.contains("--provider")) {
        all.addAll(List.of("--provider", "cpu"));
      }
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("GATESTREAM_JAVA_OPTS", Gatestream.SHORT_LIVED);
    Running run = start(gatestream, name, SCRIPT, all, environment);
    run.awaitExit(PATIENCE_SECONDS);
    return run;
  }

  private static Running start(
      Gatestream gatestream,
      String name,
      Path script,
      List<String> arguments,
      Map<String, String> environment) {
    List<String> command = new ArrayList<>(List.of("python3", script.toString()));
    command.addAll(arguments);
    return gatestream.startProgram(name, environment, command);
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }
}

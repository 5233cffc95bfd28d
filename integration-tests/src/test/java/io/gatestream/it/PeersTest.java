package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code bench --peers} as a user runs it, as short as it goes. Every run of it compares the labels
 * of all that it measures, frame by frame.
 */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PeersTest {
  private static final String[] ALL = {"p1", "p1t", "p2", "p2t", "p3", "p3f"};

  @Test
  void everyPeerGivesTheSameLabelsAndIsMeasured(Gatestream gatestream) throws IOException {
    JsonNode row =
        bench(gatestream, "--row", "default", "--against", String.join(",", ALL))
            .get("rows")
            .get(0);

    assertThat(row.get("row").asText()).isEqualTo("default");
    for (String peer : ALL) {
      JsonNode turns = row.get("peers").get(peer);
      assertThat(turns).as(peer).hasSize(1);
      for (String figure : new String[] {"fps", "cpuMicros", "residentBytes", "peakBytes"}) {
        assertThat(turns.get(0).get(figure).asDouble()).as("%s of %s", figure, peer).isPositive();
      }
    }
    // two to be compared with each other, and one before each rival but the first
    assertThat(row.get("peers").get("gatestream")).hasSize(1 + ALL.length);
    assertThat(row.get("comparisons").get(0).get("atLeast").asDouble()).isEqualTo(1.3);
  }

  /** Minutes of measuring: {@code .ci/nightly peers}. */
  @Test
  @EnabledIfSystemProperty(named = "peers.rows", matches = "true")
  void streamsThatSendAFrameASecondAndDelaysAreTimed(Gatestream gatestream) throws IOException {
    JsonNode rows = bench(gatestream, "--row", "streams-1000,delay,skewed").get("rows");

    assertThat(rows).hasSize(3);
    JsonNode delays = rows.get(1).get("peers");
    for (String peer : new String[] {"gatestream", "p2"}) {
      JsonNode turn = delays.get(peer).get(0);
      assertThat(turn.get("p50").asDouble()).as(peer).isPositive();
      assertThat(turn.get("p99").asDouble()).isGreaterThanOrEqualTo(turn.get("p50").asDouble());
    }
    assertThat(rows.get(0).get("sent").asText()).contains("1000 streams at 1000 a second");
  }

  @Test
  void whatCannotBeMeasuredIsSaidAtOnce(Gatestream gatestream) {
    refused(gatestream, Map.of(), "no-such", "p3f", "--peers", "--against", "no-such");
    refused(gatestream, Map.of(), "no-such", "skewed", "--peers", "--row", "no-such");
    refused(gatestream, Map.of(), "--peers", "--turns", "--turns", "2");
    refused(gatestream, Map.of(), "--large", "bench-bundle", "--peers", "--row", "large");
    refused(
        gatestream,
        Map.of(),
        "--bootstrap-servers",
        "of its own",
        "--peers",
        "--bootstrap-servers",
        "kafka:9092");
    refused(
        gatestream,
        Map.of("GATESTREAM_PYTHON", "/bin/false"),
        "Python 3.10",
        "/bin/false",
        "--peers");
    String bundle =
        Gatestream.ROOT
            .resolve("integration-tests/src/test/resources/bundles/digit-rows-lstm/bundle")
            .toString();
    refused(gatestream, Map.of(), "2 state tensors", "cannot serve", "--peers", "--model", bundle);
  }

  @Test
  void anInterruptLeavesNothingBehind(Gatestream gatestream) {
    Running run = start(gatestream, "--row", "default", "--against", "p2");
    run.awaitErr("default: the labels of p2");
    Wait.until(() -> "the broker and p2 to run", () -> run.process().descendants().count() >= 2);
    List<ProcessHandle> below = run.process().descendants().toList();

    run.terminate();

    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(1);
    assertThat(run.err()).contains("stopped before the end").doesNotContain("\tat ");
    assertThat(below).noneMatch(ProcessHandle::isAlive);
    assertThat(Folders.files(gatestream.folder().resolve("tmp")))
        .as("left behind")
        .noneMatch(path -> path.contains("gatestream-bench"));
  }

  /** The score of one frame is moved by 2e-5 in what is else the real program. */
  @Test
  void anotherLabelEndsItWithStreamAndSequence(Gatestream gatestream) {
    Running setup =
        gatestream.startProgram(
            "setup-venv",
            System.getenv(),
            List.of(
                Gatestream.ROOT.resolve("model-export/setup-venv").toString(),
                Gatestream.ROOT.resolve("bench/peers/requirements.lock").toString()));
    setup.awaitExit(600);
    String python = setup.out().strip() + "/bin/python";
    Running run =
        withPython(
            gatestream,
            """
            exec %s -c '
            import runpy, sys
            sys.argv.pop(0)
            sys.path.insert(0, sys.argv[0].rpartition("/")[0])
            import frames
            real = frames.write_label
            moved = lambda frame, scores: scores + 2e-5 * (frame["sequence"] == 5)
            frames.write_label = lambda frame, labels, scores: real(frame, labels, moved(frame, scores))
            runpy.run_path(sys.argv[0], run_name="__main__")
            ' "$@"
            """
                .formatted(python));

    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(1);
    assertThat(run.err())
        .containsPattern("p1 labels otherwise than Gatestream: stream camera-\\d+, sequence 5:")
        .doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aPeerThatDiesEndsItWithItsLastWords(Gatestream gatestream) {
    Running run =
        withPython(gatestream, "case $1 in *model.py) exit 0 ;; esac; echo bad news >&2; exit 3\n");

    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(1);
    assertThat(run.err()).contains("p1 ended with exit code 3: bad news").doesNotContain("\tat ");
  }

  /** Runs it with a script in place of the environment's interpreter. */
  private static Running withPython(Gatestream gatestream, String script) {
    Path venv = gatestream.folder().resolve("venv");
    Path found = gatestream.folder().resolve("python");
    program(Folders.create(venv.resolve("bin")).resolve("python"), script);
    // setup-venv asks it for its version, and has it make the environment
    program(found, "[ \"$1\" = -c ] || echo %s\n".formatted(venv));
    Running run =
        gatestream.start(
            "with-python",
            Map.of("GATESTREAM_PYTHON", found.toString()),
            List.of("bench", "--peers", "--row", "default", "--against", "p1", "--turns", "1"));
    run.awaitExit(600);
    return run;
  }

  private static void program(Path file, String script) {
    try {
      Files.writeString(file, "#!/bin/sh\n" + script);
      assertThat(file.toFile().setExecutable(true)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refused(
      Gatestream gatestream,
      Map<String, String> environment,
      String one,
      String two,
      String... of) {
    List<String> arguments = new ArrayList<>(List.of("bench"));
    arguments.addAll(List.of(of));
    Running run = gatestream.run("refused", environment, arguments.toArray(String[]::new));

    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(2);
    assertThat(run.err()).contains(one, two).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  private static Running start(Gatestream gatestream, String... more) {
    List<String> arguments = new ArrayList<>(List.of("bench", "--peers", "--turns", "1"));
    arguments.addAll(List.of("--warm-up", "0"));
    arguments.addAll(List.of(more));
    return gatestream.start("bench", arguments.toArray(String[]::new));
  }

  private static JsonNode bench(Gatestream gatestream, String... more) throws IOException {
    Path file = gatestream.folder().resolve("peers.json");
    String[] json = {"--json", file.toString(), "--seconds", "1"};
    Running run =
        start(gatestream, Stream.of(json, more).flatMap(Stream::of).toArray(String[]::new));
    run.awaitExit(800);

    assertThat(run.process().exitValue()).as(run::tail).isZero();
    assertThat(run.err()).doesNotContain("\tat ");
    assertThat(run.out()).contains("gatestream to itself", "frames a second over p2");
    assertThat(Files.exists(file)).isTrue();
    return new ObjectMapper().readTree(file.toFile());
  }
}

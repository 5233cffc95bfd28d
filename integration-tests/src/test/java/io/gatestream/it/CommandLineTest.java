package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes as a user makes them: exit code, and a message that says what to do. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class CommandLineTest {
  private static final String NOBODY = "127.0.0.1:1";

  @Test
  void anUnknownFlagIsNamed(Gatestream gatestream) {
    Running run = gatestream.run("run", "run", "--no-such-flag", "1");

    requireError(run, 2, "--no-such-flag");
  }

  @Test
  void aMissingBundleIsNamed(Gatestream gatestream) {
    Path missing = gatestream.folder().resolve("no-bundle-here");

    Running run =
        gatestream.run("run", "run", "--bootstrap-servers", NOBODY, "--model", missing.toString());

    requireError(run, 2, missing.toString());
  }

  @Test
  void aChangedModelFileIsRefusedWithBothHashes(Gatestream gatestream) throws IOException {
    Path bundle = gatestream.folder().resolve("bundle");
    Folders.copy(Gatestream.BUNDLE, bundle);
    byte[] step = Files.readAllBytes(bundle.resolve("step.onnx"));
    step[step.length / 2] ^= 1;
    Files.write(bundle.resolve("step.onnx"), step);

    Running run =
        gatestream.run("run", "run", "--bootstrap-servers", NOBODY, "--model", bundle.toString());

    String model = Files.readString(bundle.resolve("model.json"));
    Matcher hash = Pattern.compile("step\\.onnx\",\\s*\"sha256\": \"([0-9a-f]{64})").matcher(model);
    assertThat(hash.find()).isTrue();
    requireError(run, 2, "step.onnx", hash.group(1));
    assertThat(hashes(run.err())).hasSize(2);
  }

  private static List<String> hashes(String text) {
    return Pattern.compile("\\b[0-9a-f]{64}\\b")
        .matcher(text)
        .results()
        .map(java.util.regex.MatchResult::group)
        .distinct()
        .toList();
  }

  @Test
  void allProblemsOfAConfigurationAreSaidAtOnce(Gatestream gatestream) throws IOException {
    Path file = gatestream.folder().resolve("run.properties");
    Files.writeString(file, "no.such.setting=1\n");

    Running run =
        gatestream.run(
            "run",
            "run",
            "--config",
            file.toString(),
            "--stream-threads",
            "0",
            "--gap-millis",
            "soon",
            "--kafka",
            "processing.guarantee=at_least_once");

    requireError(
        run,
        2,
        "stream.threads is '0'",
        "gap.millis is 'soon'",
        "no.such.setting",
        "kafka.processing.guarantee",
        "--bootstrap-servers");
  }

  @Test
  void aReservedClientSettingIsRefusedByName(Gatestream gatestream) {
    Running run =
        gatestream.run("run", "run", "--bootstrap-servers", NOBODY, "--kafka", "group.id=another");

    requireError(run, 2, "kafka.group.id", "application.id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "ingest", "labels"})
  void aBrokerThatDoesNotAnswerIsNamed(String command, Gatestream gatestream) {
    String address = "127.0.0.1:" + closedPort();
    String[] arguments = {command, "--bootstrap-servers", address, "--broker-timeout", "2"};
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    if (command.equals("ingest")) {
      all.add(Gatestream.SAMPLES.resolve("cat.mp4").toString());
    }

    Running run = gatestream.run(command, all.toArray(String[]::new));

    requireError(run, 1, address);
  }

  private static int closedPort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void missingTopicsAreNamedWithTheWayOut(Recorded recorded, Gatestream gatestream) {
    Running run =
        gatestream.run(
            "run",
            "run",
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--frames-topic",
            "no-frames-here",
            "--labels-topic",
            "no-labels-here");

    requireError(run, 2, "no-frames-here", "no-labels-here", "--create-topics");
  }

  /** The same mistake, the same exit code, whichever command finds it. */
  @ParameterizedTest
  @ValueSource(strings = {"labels", "replay", "evaluate"})
  void aMissingTopicIsWrongUsageInEveryCommand(
      String command, Recorded recorded, Gatestream gatestream) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(command, "--bootstrap-servers", recorded.bootstrapServers()));
    arguments.addAll(
        switch (command) {
          case "labels" -> List.of("--labels-topic", "nothing-here");
          case "replay" ->
              List.of("--frames-topic", "nothing-here", "--output", "replayed-nothing");
          default ->
              List.of(
                  "--labels",
                  "nothing-here",
                  "--truth",
                  Gatestream.SAMPLES.resolve("truth.csv").toString(),
                  "--report",
                  gatestream.folder().resolve("report").toString());
        });

    Running run = gatestream.run(command, arguments.toArray(String[]::new));

    requireError(run, 2, "topic 'nothing-here'");
  }

  @Test
  void aGuaranteeThatLosesLabelsIsRefusedWithTheReason(Gatestream gatestream) throws IOException {
    Path file = gatestream.folder().resolve("run.properties");
    Files.writeString(file, "guarantee=at-least-once\nbootstrap.servers=" + NOBODY + "\n");

    Running run = gatestream.run("run", "run", "--config", file.toString());

    requireError(run, 2, "guarantee is 'at-least-once'", "exactly once");
  }

  @Test
  void aCommitIntervalThatKafkaDoesNotTakeIsRefusedWithTheBound(Gatestream gatestream) {
    Running run =
        gatestream.run(
            "run", "run", "--bootstrap-servers", NOBODY, "--commit-interval-millis", "3600000");

    requireError(run, 2, "commit.interval.millis is '3600000'", "from 1 to 600000");
  }

  @Test
  void ingestIntoAMissingTopicSaysTheWayOut(Recorded recorded, Gatestream gatestream) {
    Running ingest =
        gatestream.run(
            "ingest",
            "ingest",
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--frames-topic",
            "no-frames-here",
            Gatestream.SAMPLES.resolve("cat.mp4").toString());

    requireError(ingest, 2, "no-frames-here", "--create-topics");
  }

  @Test
  void aDeviceThatIsNotThereIsNoSilentCpu(Recorded recorded, Gatestream gatestream) {
    assumeThat(Files.exists(Path.of("/dev/nvidia0"))).as("a GPU is here").isFalse();

    Running run =
        gatestream.run(
            "run",
            "run",
            "--bootstrap-servers",
            recorded.bootstrapServers(),
            "--frames-topic",
            Recorded.FRAMES,
            "--labels-topic",
            recorded.topics().labels(),
            "--rejected-topic",
            recorded.topics().rejected(),
            "--application-id",
            "on-a-gpu",
            "--state-dir",
            gatestream.folder().resolve("state").toString(),
            "--provider",
            "cuda");

    requireError(run, 2, "cuda");
    assertThat(run.err()).containsPattern("lib\\w+\\.so|-Pcuda");
  }

  private static void requireError(Running run, int exitCode, String... parts) {
    assertThat(run.process().exitValue()).as(run::tail).isEqualTo(exitCode);
    assertThat(run.err()).contains(parts);
    assertThat(run.err()).as("no stack trace").doesNotContain("\tat ").doesNotContain("Caused by");
    assertThat(run.out()).isEmpty();
  }
}

package io.gatestream.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.model.TestBundles;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes. */
@Tag("process")
@Timeout(120)
class TrialProcessTest {
  @TempDir Path dir;

  @Test
  void goodAndBadRecordsAreSurvived() throws Exception {
    byte[] good = frame(Encoding.RAW_BGR, new byte[16 * 16 * 3]);
    byte[] bad = frame(Encoding.JPEG, "no picture".getBytes(UTF_8));
    assertThat(trial().run(dir, List.of(good, bad, new byte[] {1}, new byte[0])))
        .isInstanceOf(TrialOutcome.Survived.class);
    assertThat(dir.resolve("begun")).exists();
  }

  @Test
  void aKillFromOutsideDecidesNothing() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<TrialOutcome> outcome = pool.submit(() -> trial().run(dir, List.of(new byte[0])));
      Set<Long> trials = trials();
      while (trials.isEmpty() && !outcome.isDone()) {
        Thread.sleep(1);
        trials = trials();
      }
      trials.forEach(child -> ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly));
      assertThat(outcome.get()).isInstanceOf(TrialOutcome.Undecided.class);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aProcessThatCannotBeginDecidesNothing() throws Exception {
    Files.createDirectory(dir.resolve("no-bundle"));
    TrialProcess trial =
        new TrialProcess(TrialSettings.of(dir.resolve("no-bundle"), FrameLimits.DEFAULT), 30);
    assertThat(trial.run(dir, List.of(new byte[0]))).isInstanceOf(TrialOutcome.Undecided.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SIGSEGV", "SIGABRT"})
  void aRecordThatBreaksNativeMemoryKillsItsTrial(String signal) throws Exception {
    TrialSettings faulty =
        new TrialSettings(
            TestBundles.tinyGru(),
            FrameLimits.DEFAULT,
            List.of("-Xmx256m", "-Dgatestream.fault.fatal=fatal-"));
    byte[] killing = frame(Encoding.JPEG, ("fatal-" + signal).getBytes(UTF_8));
    assertThat(new TrialProcess(faulty, 60).run(dir, List.of(killing)))
        .isEqualTo(new TrialOutcome.Killed(signal));
  }

  @Test
  void memoryAndPropertiesArePassedOnAgentsAndPortsAreNot() {
    assertThat(
            List.of(
                    "-Xmx512m",
                    "-XX:MaxDirectMemorySize=1g",
                    "-Dorg.bytedeco.javacpp.cachedir=/c",
                    "-Xms512m",
                    "-javaagent:a.jar",
                    "-agentlib:jdwp=transport=dt_socket,address=5005",
                    "-Dcom.sun.management.jmxremote.port=9010",
                    "-XX:ErrorFile=/e",
                    "-XX:-CreateCoredumpOnCrash")
                .stream()
                .filter(TrialSettings::isPassedOn))
        .containsExactly(
            "-Xmx512m", "-XX:MaxDirectMemorySize=1g", "-Dorg.bytedeco.javacpp.cachedir=/c");
  }

  private static TrialProcess trial() {
    return new TrialProcess(TrialSettings.of(TestBundles.tinyGru(), FrameLimits.DEFAULT), 60);
  }

  /**
   * The trials of this test. A child is first a copy of this process and then the JDK's spawn
   * helper: killed then, it never was a trial. Only a trial's own command line names the folder.
   */
  private Set<Long> trials() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().filter(this::namesTheFolder).isPresent())
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private boolean namesTheFolder(String commandLine) {
    return commandLine.contains("/java ") && commandLine.contains("-XX:ErrorFile=" + dir);
  }

  static byte[] frame(Encoding encoding, byte[] payload) {
    return new AvroFrameCodec(FrameLimits.DEFAULT)
        .encode(
            Frame.newBuilder()
                .setStreamId("s")
                .setSession(Instant.EPOCH)
                .setSequence(0)
                .setCaptureTime(Instant.EPOCH)
                .setSourceTime(0)
                .setEncoding(encoding)
                .setWidth(16)
                .setHeight(16)
                .setPayload(ByteBuffer.wrap(payload))
                .build());
  }
}

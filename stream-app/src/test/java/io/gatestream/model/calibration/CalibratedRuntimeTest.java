package io.gatestream.model.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.Provider;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.files.Sha256;
import io.gatestream.model.BundleReader;
import io.gatestream.model.CapturedLog;
import io.gatestream.model.ComputePlan;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RuntimeSettings;
import io.gatestream.model.TestBundles;
import io.gatestream.model.WarmUp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real sessions and real measurements; which setup they choose is no test's business. */
class CalibratedRuntimeTest {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  @TempDir Path folder;
  private final ModelBundle bundle = BundleReader.load(TestBundles.tinyGru());

  /** 0 for what is not given, -1 for the workers. */
  private RunConfig.Compute compute(
      boolean calibrate, int workers, int callers, int threads, int batch) {
    return new RunConfig.Compute(
        Provider.CPU,
        0,
        1L << 30,
        1,
        workers < 0 ? OptionalInt.empty() : OptionalInt.of(workers),
        given(callers),
        given(threads),
        given(batch),
        OptionalInt.empty(),
        new RunConfig.CalibrationSettings(calibrate, folder.resolve("cache")),
        OptionalInt.empty());
  }

  private RunConfig.Compute free() {
    return compute(true, -1, 0, 0, 0);
  }

  private static OptionalInt given(int number) {
    return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }

  private List<Path> kept() throws IOException {
    Path cache = folder.resolve("cache");
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.toList();
    }
  }

  /** As if an earlier start with nothing given had chosen it. */
  private void keep(ModelBundle of, EncoderSetup choice) {
    CalibrationKey key = CalibrationKey.here(of, Provider.CPU, 0, FixedSetup.of(free()));
    assertThat(new CalibrationCache(folder.resolve("cache")).keep(key, choice)).isTrue();
  }

  private List<EncoderSetup> candidates() {
    return Candidates.of(
        Provider.CPU, CORES, bundle.encoder().bitEqualBatchSizes(), FixedSetup.of(free()));
  }

  private static EncoderSetup setup(ComputePlan plan) {
    return new EncoderSetup(plan.callers(), plan.threads(), plan.batch());
  }

  @Test
  void theFirstStartMeasuresAndTheSecondReads() throws IOException {
    ComputePlan first;
    try (CapturedLog log = CapturedLog.of(Calibration.class)) {
      first = CalibratedRuntime.plan(bundle, free());
      Path file = kept().get(0);
      assertThat(kept()).hasSize(1);
      assertThat(log.lines())
          .containsExactly("calibrated: %s; kept in %s".formatted(first.text(), file));
    }
    assertThat(first.workers()).isEqualTo(CORES);
    Path file = kept().get(0);
    byte[] content = Files.readAllBytes(file);
    try (CapturedLog log = CapturedLog.of(Calibration.class)) {
      assertThat(CalibratedRuntime.plan(bundle, free())).isEqualTo(first);
      assertThat(log.lines())
          .containsExactly("calibrated: %s; from %s".formatted(first.text(), file));
    }
    assertThat(file).hasBinaryContent(content);
  }

  @Test
  void whatIsKeptIsUsedAndItsFeaturesAreThoseOfTheStandard() {
    List<EncoderSetup> candidates = candidates();
    assertThat(candidates).hasSizeGreaterThan(2);
    ByteBuffer pictures = WarmUp.pictures(bundle, 8);
    float[][] expected = new float[8][];
    try (ModelRuntime standard = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT)) {
      int bytes = bundle.input().bytes();
      for (int i = 0; i < 8; i++) {
        expected[i] = standard.encoder().encode(pictures.slice(i * bytes, bytes), 1)[0];
      }
    }
    for (EncoderSetup candidate : candidates) {
      keep(bundle, candidate);
      try (CalibratedRuntime opened = CalibratedRuntime.open(bundle, free())) {
        assertThat(opened.plan())
            .isEqualTo(
                new ComputePlan(
                    candidate.callers(), candidate.threads(), candidate.batch(), CORES));
        FrameEncoder encoder = opened.runtime().encoder();
        assertThat(encoder.callers()).isEqualTo(candidate.callers());
        int batch = encoder.maxBatch();
        assertThat(encoder.encode(pictures, batch)).isDeepEqualTo(Arrays.copyOf(expected, batch));
      }
    }
  }

  @Test
  void aKeptChoiceThatIsNoCandidateIsMeasuredAgain() throws IOException {
    EncoderSetup strange = new EncoderSetup(1_000, 1, 8);
    keep(bundle, strange);
    Path file = kept().get(0);
    ComputePlan plan = CalibratedRuntime.plan(bundle, free());
    assertThat(candidates()).contains(setup(plan)).doesNotContain(strange);
    // measured again and kept: the next start finds it
    try (CapturedLog log = CapturedLog.of(Calibration.class)) {
      assertThat(CalibratedRuntime.plan(bundle, free())).isEqualTo(plan);
      assertThat(log.lines()).singleElement().asString().endsWith("from " + file);
    }
  }

  @Test
  void batchesThatAreNotBitEqualAreNeverUsedWhateverIsKept() throws IOException {
    ModelBundle optimistic = optimistic();
    ComputePlan measured = CalibratedRuntime.plan(optimistic, free());
    assertThat(measured.batch()).isOne();
    keep(optimistic, new EncoderSetup(CORES, 1, 4));
    try (CalibratedRuntime opened = CalibratedRuntime.open(optimistic, free())) {
      assertThat(opened.plan().batch()).isOne();
      assertThat(opened.runtime().encoder().encode(WarmUp.pictures(optimistic, 1), 1)[0])
          .containsOnly(1f);
    }
  }

  /**
   * Its model.json says that batches are bit-equal, and its features tell the size of the batch.
   */
  private ModelBundle optimistic() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("optimistic"));
    byte[] uneven = Files.readAllBytes(TestBundles.unevenEncoder());
    Files.write(copy.resolve("encoder.onnx"), uneven);
    Files.copy(TestBundles.tinyGru().resolve("step.onnx"), copy.resolve("step.onnx"));
    Files.writeString(
        copy.resolve("model.json"),
        Files.readString(TestBundles.tinyGru().resolve("model.json"))
            .replace(bundle.encoder().sha256(), Sha256.hex(uneven)));
    return BundleReader.load(copy);
  }

  @Test
  void otherThreadsThatGiveOtherFeaturesAreFound() throws IOException {
    // two encoders that differ stand for one whose features depend on its threads
    try (ModelRuntime one = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT);
        ModelRuntime other =
            ModelRuntime.open(optimistic(), Provider.CPU, RuntimeSettings.DEFAULT)) {
      assertThat(WarmUp.unequalSizes(one.ortEncoder(), one.ortEncoder(), bundle)).isEmpty();
      assertThat(WarmUp.unequalSizes(other.ortEncoder(), one.ortEncoder(), bundle))
          .containsExactly(1);
    }
  }

  @Test
  void withoutCalibrationTheStandardIsUsedAndNothingIsKept() throws IOException {
    assertThat(CalibratedRuntime.plan(bundle, compute(false, -1, 0, 0, 0)))
        .isEqualTo(new ComputePlan(CORES, 1, 1, CORES));
    assertThat(CalibratedRuntime.plan(bundle, compute(false, 0, 0, 2, 4)))
        .isEqualTo(new ComputePlan(CORES, 2, 4, 0));
    assertThat(kept()).isEmpty();
  }

  @Test
  void aBatchThatTheBundleDoesNotNameAsBitEqualIsRefused() throws IOException {
    for (boolean calibrate : new boolean[] {true, false}) {
      assertThatThrownBy(() -> CalibratedRuntime.plan(bundle, compute(calibrate, -1, 0, 0, 6)))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "encoder.batch is 6, and model.json does not name it among the sizes that are"
                  + " bit-equal to single frames on a CPU: take one of 1, 2, 3, 4, 8");
    }
    assertThat(kept()).isEmpty();
    assertThat(CalibratedRuntime.plan(bundle, compute(false, -1, 0, 0, 3)).batch()).isEqualTo(3);
  }

  @Test
  void aBatchThatIsNotBitEqualOnThisMachineIsRefused() throws IOException {
    ModelBundle optimistic = optimistic();
    assertThatThrownBy(() -> CalibratedRuntime.plan(optimistic, compute(true, -1, 0, 0, 4)))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "encoder.batch is 4, and on this machine encoder.onnx gives other features in such a"
                + " batch than for one frame: take one of 1");
  }

  @Test
  void whereAllIsGivenNothingIsMeasured() throws IOException {
    try (CapturedLog log = CapturedLog.of(Calibration.class)) {
      assertThat(CalibratedRuntime.plan(bundle, compute(true, 5, 3, 1, 2)))
          .isEqualTo(new ComputePlan(3, 1, 2, 5));
      assertThat(log.lines()).isEmpty();
    }
    assertThat(kept()).isEmpty();
  }

  @Test
  void whatIsGivenStaysAndTheRestIsKeptApart() throws IOException {
    ComputePlan plan = CalibratedRuntime.plan(bundle, compute(true, 0, 3, 0, 0));
    assertThat(plan.callers()).isEqualTo(3);
    assertThat(plan.workers()).isZero();
    assertThat(kept()).hasSize(1);
    keep(bundle, new EncoderSetup(CORES, 1, 2));
    assertThat(kept()).hasSize(2);
    assertThat(CalibratedRuntime.plan(bundle, compute(true, 0, 3, 0, 0))).isEqualTo(plan);
  }

  @Test
  void aCacheThatCannotBeWrittenIsOneLineAndTheStartGoesOn() throws IOException {
    Files.writeString(folder.resolve("cache"), "a file");
    try (CapturedLog warnings = CapturedLog.of(CalibrationCache.class);
        CapturedLog log = CapturedLog.of(Calibration.class)) {
      ComputePlan plan = CalibratedRuntime.plan(bundle, free());
      assertThat(warnings.lines()).hasSize(1);
      assertThat(log.lines()).containsExactly("calibrated: %s; not kept".formatted(plan.text()));
    }
  }

  @Test
  @Timeout(60)
  void anInterruptWhileItMeasuresEndsIt() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
    Thread start =
        new Thread(
            () -> {
              try {
                CalibratedRuntime.plan(bundle, free());
              } catch (OutageException e) {
                thrown.set(e);
              }
            });
    start.start();
    while (start.isAlive()
        && Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread)) // another test's may still be ending
            .noneMatch(thread -> thread.getName().equals("caller-loop"))) {
      Thread.sleep(1);
    }
    start.interrupt();
    start.join();
    assertThat(thrown.get()).hasMessage("interrupted during the calibration");
    assertThat(kept()).isEmpty();
  }
}

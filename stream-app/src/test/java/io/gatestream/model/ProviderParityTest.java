package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.Provider;
import io.gatestream.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On the CPU, which is all that a build has; there every difference is none. */
class ProviderParityTest {
  private static final RuntimeSettings SETTINGS =
      new RuntimeSettings(OptionalInt.of(1), OptionalInt.of(8), 1, 0, OptionalLong.empty());

  static List<Path> bundles() {
    return List.of(
        TestBundles.tinyGru(),
        TestBundles.tinyLstm(),
        TestBundles.tinyElapsed(),
        TestBundles.tinyMemoryless());
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void theCpuEqualsItselfInEveryBatchThatTheBundleNames(Path folder) {
    ModelBundle bundle = BundleReader.load(folder);
    ProviderParity parity = ProviderParity.measure(bundle, Provider.CPU, SETTINGS);
    assertThat(parity.provider()).isEqualTo(Provider.CPU);
    assertThat(parity.encoderNodes()).containsOnlyKeys("CPUExecutionProvider");
    assertThat(parity.stepNodes()).containsOnlyKeys("CPUExecutionProvider");
    assertThat(parity.encoderNodes().values()).allMatch(nodes -> nodes > 0);
    assertThat(parity.differences())
        .extracting(ProviderParity.Difference::largest)
        .containsOnly(0.0);
    assertThat(parity.isWithinTolerance()).isTrue();
    assertThat(parity.differences())
        .extracting(difference -> difference.what() + " " + difference.batch())
        .contains("features 1", "features 4", "logits 1", "logits 8", "states 8");
  }

  @Test
  void rowsOfABatchAreStreamsOfTheirOwn() {
    ModelBundle bundle = BundleReader.load(TestBundles.tinyGru());
    try (StepOnProvider two =
        StepOnProvider.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT, 2)) {
      float[][] zero = {new float[4]};
      StepOnProvider.Row first =
          new StepOnProvider.Row(new float[] {1, 2, 3, 4, 5, 6}, zero, 0, new float[0]);
      StepOnProvider.Row second =
          new StepOnProvider.Row(new float[] {6, 5, 4, 3, 2, 1}, zero, 0, new float[0]);
      List<RecurrentStep.Result> straight = two.step(List.of(first, second));
      List<RecurrentStep.Result> crossed = two.step(List.of(second, first));
      assertThat(straight.get(0).logits()).isEqualTo(crossed.get(1).logits());
      assertThat(straight.get(1).state()[0]).isEqualTo(crossed.get(0).state()[0]);
      assertThat(straight.get(0).logits()).isNotEqualTo(straight.get(1).logits());
    }
  }

  /** Its features tell the size of the batch, which nothing on the CPU then uses. */
  @Test
  void aBatchThatTheCpuDoesNotUseIsNotHeldAgainstIt(@TempDir Path folder) throws IOException {
    ModelBundle whole = BundleReader.load(TestBundles.tinyGru());
    for (String file : List.of("model.json", "step.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
    byte[] uneven = Files.readAllBytes(TestBundles.unevenEncoder());
    Files.write(folder.resolve("encoder.onnx"), uneven);
    String json = Files.readString(folder.resolve("model.json"));
    Files.writeString(
        folder.resolve("model.json"), json.replace(whole.encoder().sha256(), Sha256.hex(uneven)));
    ProviderParity parity =
        ProviderParity.measure(BundleReader.load(folder), Provider.CPU, SETTINGS);
    assertThat(parity.differences())
        .filteredOn(difference -> difference.what().equals("features"))
        .extracting(ProviderParity.Difference::batch)
        .containsExactly(1);
  }

  @Test
  void whatIsNoNumberIsNeverAllowed() {
    double largest = ProviderParity.larger(0, Double.NaN);
    assertThat(new ProviderParity.Difference("features", 1, "the CPU", largest, 1e-4).isAllowed())
        .isFalse();
    assertThat(new ProviderParity.Difference("features", 1, "the CPU", 1.1e-4, 1e-4).isAllowed())
        .isFalse();
    assertThat(new ProviderParity.Difference("features", 1, "the CPU", 1e-4, 1e-4).isAllowed())
        .isTrue();
    assertThat(ProviderParity.larger(0.5, 0.25)).isEqualTo(0.5);
  }

  @Test
  void theTolerancesOfABundleAreReadWithTheirDefault(@TempDir Path folder) throws IOException {
    assertThat(BundleReader.load(TestBundles.tinyGru()).tolerance().parity()).isEqualTo(1e-4);
    for (String file : List.of("model.json", "encoder.onnx", "step.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
    String json = Files.readString(folder.resolve("model.json"));
    Files.writeString(
        folder.resolve("model.json"),
        json.replace("\"tolerance\": {", "\"tolerance\": {\"parity\": 0.02,"));
    assertThat(BundleReader.load(folder).tolerance().parity()).isEqualTo(0.02);
  }
}

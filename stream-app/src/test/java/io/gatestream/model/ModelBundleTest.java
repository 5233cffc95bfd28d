package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatestream.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelBundleTest {
  @TempDir Path folder;

  @BeforeEach
  void copyTinyGru() throws IOException {
    for (String file : List.of("model.json", "encoder.onnx", "step.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
  }

  @Test
  void readsTheContract() {
    ModelBundle bundle = ModelBundle.load(folder);
    assertThat(bundle.name()).isEqualTo("tiny-gru");
    assertThat(bundle.labels()).containsExactly("red", "green", "blue");
    assertThat(bundle.frameIntervalMicros()).isEqualTo(100_000);
    assertThat(bundle.featureSize()).isEqualTo(6);
    assertThat(bundle.stateBytes()).isEqualTo(16);
    assertThat(bundle.takesElapsed()).isFalse();
    assertThat(bundle.auxiliarySize()).isEmpty();
    assertThat(ModelBundle.load(TestBundles.tinyElapsed()).auxiliarySize()).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"activation\": \"softmax\"'|'\"activation\": \"relu\"'|activation is \"relu\": expected one of softmax, sigmoid",
        "'\"temperature\": 1.0'|'\"temperature\": 0'|temperature is 0: expected a number above 0",
        "'\"file\": \"step.onnx\"'|'\"file\": \"../step.onnx\"'|the file '../step.onnx' lies outside the bundle",
        "'\"file\": \"step.onnx\"'|'\"file\": \"/etc/hostname\"'|the file '/etc/hostname' lies outside the bundle",
        "'\"file\": \"step.onnx\"'|'\"file\": \"none.onnx\"'|names the file none.onnx, which is missing",
        "'\"thresholds\": {}'|'\"thresholds\": {\"pink\": 0.5}'|thresholds names 'pink': expected one of the labels",
        "'\"background\": null'|'\"background\": \"pink\"'|background is \"pink\": expected null or one of the labels",
        "'\"green\"'|'\"red\"'|labels holds 'red' twice",
        "'\"green\",'|''|step.logits has the shape [-1, 3]: expected [-1, 2]",
        "'\"width\": 16'|'\"width\": 32'|encoder.frames has the shape [-1, 16, 16, 3]: expected [-1, 16, 32, 3]",
        "'\"minimumReaderFormat\": 1'|'\"minimumReaderFormat\": 2'|minimumReaderFormat is 2: expected at most 1",
      })
  void aWrongContractIsRefused(String find, String replacement, String message) throws IOException {
    edit(find, replacement);
    assertThat(problems()).anyMatch(problem -> problem.contains(message));
  }

  @Test
  void allProblemsAreReportedTogether() throws IOException {
    edit("\"activation\": \"softmax\"", "\"activation\": \"relu\"");
    edit("\"temperature\": 1.0", "\"temperature\": -1");
    Files.write(folder.resolve("step.onnx"), new byte[] {1});
    assertThat(problems())
        .hasSize(3)
        .anyMatch(p -> p.contains("expected SHA-256") && p.contains("found"));
  }

  @Test
  void aLinkOutOfTheBundleIsRefused() throws IOException {
    Files.delete(folder.resolve("step.onnx"));
    Files.createSymbolicLink(
        folder.resolve("step.onnx"), TestBundles.tinyGru().resolve("step.onnx"));
    assertThat(problems()).anyMatch(p -> p.contains("lies outside the bundle"));
  }

  @Test
  void aMissingFolderOrContractIsSaid() throws IOException {
    Files.delete(folder.resolve("model.json"));
    for (Path path : List.of(folder, folder.resolve("none"))) {
      ConfigException e = catchThrowableOfType(ConfigException.class, () -> ModelBundle.load(path));
      assertThat(e).hasMessageStartingWith("no model bundle at " + path);
    }
  }

  @Test
  void renamingALabelKeepsTheStateFingerprintOnly() throws IOException {
    ModelBundle before = ModelBundle.load(folder);
    edit("\"green\"", "\"lime\"");
    ModelBundle renamed = ModelBundle.load(folder);
    assertThat(renamed.stateFingerprint()).isEqualTo(before.stateFingerprint());
    assertThat(renamed.bundleFingerprint()).isNotEqualTo(before.bundleFingerprint());
    edit("\"interpolation\": \"area\"", "\"interpolation\": \"linear\"");
    assertThat(ModelBundle.load(folder).stateFingerprint()).isNotEqualTo(before.stateFingerprint());
    assertThat(
            Stream.of(before.stateFingerprint(), before.bundleFingerprint())
                .allMatch(f -> f.matches("[0-9a-f]{64}")))
        .isTrue();
  }

  private void edit(String find, String replacement) throws IOException {
    String text = Files.readString(folder.resolve("model.json"));
    assertThat(text).contains(find);
    Files.writeString(folder.resolve("model.json"), text.replace(find, replacement));
  }

  private List<String> problems() {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> ModelBundle.load(folder));
    assertThat(e).isNotNull();
    return e.problems();
  }
}

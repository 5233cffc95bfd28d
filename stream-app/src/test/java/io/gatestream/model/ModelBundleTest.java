package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    ModelBundle bundle = BundleReader.load(folder);
    assertThat(bundle.name()).isEqualTo("tiny-gru");
    assertThat(bundle.labels()).containsExactly("red", "green", "blue");
    assertThat(bundle.frameIntervalMicros()).isEqualTo(100_000);
    assertThat(bundle.featureSize()).isEqualTo(6);
    assertThat(bundle.stateBytes()).isEqualTo(16);
    assertThat(bundle.takesElapsed()).isFalse();
    assertThat(bundle.auxiliarySize()).isEmpty();
    assertThat(BundleReader.load(TestBundles.tinyElapsed()).auxiliarySize()).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"activation\": \"softmax\"'|'\"activation\": \"relu\"'|activation is \"relu\": expected"
            + " one of softmax, sigmoid",
        "'\"temperature\": 1.0'|'\"temperature\": 0'|temperature is 0: expected a number from 0.001"
            + " to 1000.0",
        "'\"temperature\": 1.0'|'\"temperature\": 1e-300'|temperature is 1.0E-300: expected a"
            + " number from 0.001 to 1000.0",
        "'\"temperature\": 1.0'|'\"temperature\": 1e6'|temperature is 1000000.0: expected a number"
            + " from 0.001 to 1000.0",
        "'\"regionOfInterest\": null'|'\"regionOfInterest\": {\"x\": 0.6, \"y\": 0, \"width\": 0.5,"
            + " \"height\": 1}'|input.resize: region 0.6,0.0 0.5 x 1.0 is not inside the frame",
        "'\"regionOfInterest\": null'|'\"regionOfInterest\": {\"x\": 0, \"y\": 0, \"width\": 0,"
            + " \"height\": 1}'|input.resize: region 0.0,0.0 0.0 x 1.0 is not inside the frame",
        "'\"regionOfInterest\": null'|'\"regionOfInterest\": {\"x\": 0, \"y\": 0, \"width\":"
            + " 1}'|input.resize.regionOfInterest.height is missing: expected a number",
        "'\"regionOfInterest\": null'|'\"regionOfInterest\": [0, 0, 1,"
            + " 1]'|input.resize.regionOfInterest is [0,0,1,1]: expected an object",
        "'\"input\": \"hidden\"'|'\"input\": \"features\"'|step inputs use the name 'features'"
            + " twice: expected each name once",
        "'\"output\": \"hidden_next\"'|'\"output\": \"logits\"'|step outputs use the name 'logits'"
            + " twice: expected each name once",
        "'\"elapsed\": null'|'\"elapsed\": \"hidden\"'|step inputs use the name 'hidden' twice:"
            + " expected each name once",
        "'\"initial\": null'|'\"initial\": [0, 1, 2]'|step.states[0].initial is [0,1,2]: expected"
            + " null or 4 numbers for the shape [1, 4]",
        "'\"initial\": null'|'\"initial\": [0, 1, 2, \"x\"]'|step.states[0].initial[3] is \"x\":"
            + " expected a number",
        "'\"sha256\": \"c3a0'|'\"sha256\": \"C3A0'|encoder.sha256 is \"C3A0",
        "'\"sha256\": \"c3a0'|'\"sha256\": \"c3'|expected 64 lower-case hex digits",
        "'\"file\": \"step.onnx\"'|'\"file\": \"../step.onnx\"'|the file '../step.onnx' lies"
            + " outside the bundle",
        "'\"file\": \"step.onnx\"'|'\"file\": \"/etc/hostname\"'|the file '/etc/hostname' lies"
            + " outside the bundle",
        "'\"file\": \"step.onnx\"'|'\"file\": \"x/../../step.onnx\"'|lies outside the bundle",
        "'\"file\": \"step.onnx\"'|'\"file\": \"\"'|step.file",
        "'\"file\": \"step.onnx\"'|'\"file\": \".\"'|the file '.' lies outside the bundle",
        "'\"file\": \"step.onnx\"'|'\"file\": \"a\\u0000b\"'|is no file name",
        "'\"file\": \"step.onnx\"'|'\"file\": \"none.onnx\"'|names the file none.onnx, which is"
            + " missing",
        "'\"thresholds\": {}'|'\"thresholds\": {\"pink\": 0.5}'|thresholds names 'pink': expected"
            + " one of the labels",
        "'\"background\": null'|'\"background\": \"pink\"'|background is \"pink\": expected null or"
            + " one of the labels",
        "'\"green\"'|'\"red\"'|labels holds 'red' twice",
        "'\"green\",'|''|step.logits has the shape [-1, 3]: expected [-1, 2]",
        "'\"width\": 16'|'\"width\": 32'|encoder.frames has the shape [-1, 16, 16, 3]: expected"
            + " [-1, 16, 32, 3]",
        "'\"background\": null'|'\"background\": null, \"events\": {\"enter\": 0.4, \"exit\": 0.6}'|events.exit is 0.6 and enter 0.4: an event would end as soon as it began",
        "'\"background\": null'|'\"background\": null, \"events\": {\"enter\": 0.4, \"exit\": 0}'|events.exit is 0, and no score is below it: an event would never end",
        "'\"background\": null'|'\"background\": null, \"events\": {\"enter\": 1.5, \"exit\": 0.5}'|events.enter is 1.5: expected a score from 0 to 1: no score is above 1",
        "'\"background\": null'|'\"background\": null, \"events\": {\"enter\": 0.5}'|events.exit is missing: expected a score from 0 to 1",
        "'\"background\": null'|'\"background\": null, \"events\": {\"labels\": {\"pink\": {}}}'|events.labels names 'pink': expected one of the labels",
        "'\"background\": null'|'\"background\": null, \"events\": {\"enter\": 0.5, \"exit\": 0.4, \"idleMillis\": 0}'|events.idleMillis is 0: expected 1 or more",
        "'\"background\": null'|'\"background\": null, \"events\": {\"enter\": 0.5, \"exit\": 0.4, \"enterMillis\": -1}'|events.enterMillis is -1: expected a whole number from 0 to 86400000",
        "'\"background\": null'|'\"background\": null, \"events\": {\"enter\": 0.5, \"exit\": 0.4, \"labels\": {\"red\": {\"exit\": 0.9}}}'|events.labels.red.exit is 0.9 and enter 0.5",
        "'\"background\": null'|'\"background\": null, \"events\": true'|events is true: expected an object",
        "'\"minimumReaderFormat\": 1'|'\"minimumReaderFormat\": 2'|minimumReaderFormat is 2:"
            + " expected at most 1",
      })
  void aWrongContractIsRefused(String find, String replacement, String message) throws IOException {
    edit(find, replacement);
    assertThat(problems()).anyMatch(problem -> problem.contains(message));
  }

  @Test
  void rulesForEventsAreThoseOfEveryClassButTheBackgroundOrOfSingleOnes() throws IOException {
    edit("\"background\": null", "\"background\": \"green\"");
    edit(
        "\"thresholds\": {}",
        """
        "thresholds": {}, "events": {"smoothingMillis": 500, "enter": 0.6, "exit": 0.4,
          "enterMillis": 200, "exitMillis": 300, "leastMillis": 100, "mergeMillis": 50,
          "updateMillis": 1000, "idleMillis": 7000, "labels": {"red": {"enter": 0.7}, "blue": null}}
        """);
    EventRules rules = BundleReader.load(folder).events();
    assertThat(rules.update()).isEqualTo(1_000_000);
    assertThat(rules.idle()).isEqualTo(7_000_000);
    assertThat(rules.rules())
        .containsExactly(
            new EventRule(0, "red", 500_000, 0.7, 200_000, 0.4, 300_000, 100_000, 50_000));
  }

  @Test
  void aFileOfRulesCountsInPlaceOfTheBundles() throws IOException {
    ModelBundle bundle = BundleReader.load(folder);
    assertThat(bundle.events().isEmpty()).isTrue();
    Path file = Files.writeString(folder.resolve("rules.json"), "{\"enter\": 0.5, \"exit\": 0.4}");
    RunConfig.Events given = new RunConfig.Events(true, Optional.of(file));
    assertThat(EventRulesReader.inForce(bundle, given).rules())
        .extracting(EventRule::name)
        .isEqualTo(bundle.labels());
    assertThat(
            EventRulesReader.inForce(bundle, new RunConfig.Events(false, Optional.of(file)))
                .isEmpty())
        .isTrue();
    Files.writeString(file, "{\"update\": 5}");
    assertThatThrownBy(() -> EventRulesReader.inForce(bundle, given))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aClipModelIsRefusedByName() throws IOException {
    String text = Files.readString(folder.resolve("model.json"));
    Files.writeString(
        folder.resolve("model.json"),
        text.replaceFirst("-1,\\s*16,\\s*16,\\s*3", "-1, 8, 16, 16, 3"));
    assertThat(problems())
        .singleElement()
        .asString()
        .contains(
            "encoder.frames has the shape [-1, 8, 16, 16, 3], a clip of several frames: expected"
                + " [-1, H, W, 3]; format 1 takes one frame an encoder call");
  }

  @Test
  void aLaterFormatThatThisReaderCanReadIsRead() throws IOException {
    edit("\"format\": 1", "\"format\": 2");
    assertThat(BundleReader.load(folder).name()).isEqualTo("tiny-gru");
    edit("\"minimumReaderFormat\": 1,", "");
    assertThat(problems()).singleElement().asString().contains("format is 2: expected at most 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"format\": 1,|is not valid JSON, line 1",
        "'{\"format\": 1, \"format\": 1}'|Duplicate field 'format'",
        "{} {}|is not valid JSON, line 1",
        "[]|expected a JSON object",
        "''|expected a JSON object",
      })
  void aFileThatIsNoJsonObjectIsRefused(String text, String message) throws IOException {
    Files.writeString(folder.resolve("model.json"), text);
    assertThat(problems()).singleElement().asString().contains("model.json").contains(message);
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
  void aContractOutsideTheBundleIsRefused() throws IOException {
    Files.delete(folder.resolve("model.json"));
    Files.createSymbolicLink(
        folder.resolve("model.json"), TestBundles.tinyGru().resolve("model.json"));
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("the file 'model.json' lies outside the bundle");
  }

  @Test
  void aFolderLinkOutOfTheBundleIsRefused() throws IOException {
    Files.createSymbolicLink(folder.resolve("graphs"), TestBundles.tinyGru());
    edit("\"file\": \"step.onnx\"", "\"file\": \"graphs/step.onnx\"");
    assertThat(problems()).anyMatch(p -> p.contains("lies outside the bundle"));
  }

  @Test
  void linksWithinTheBundleAreFollowedAsMountedVolumesHaveThem() throws IOException {
    Path data = Files.createDirectory(folder.resolve("..data"));
    for (String file : List.of("model.json", "step.onnx")) {
      Files.move(folder.resolve(file), data.resolve(file));
      Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
    }
    assertThat(BundleReader.load(folder).name()).isEqualTo("tiny-gru");
  }

  @Test
  void aMissingFolderOrContractIsSaid() throws IOException {
    Files.delete(folder.resolve("model.json"));
    for (Path path : List.of(folder, folder.resolve("none"))) {
      ConfigException e =
          catchThrowableOfType(ConfigException.class, () -> BundleReader.load(path));
      assertThat(e).hasMessageStartingWith("no model bundle at " + path);
    }
  }

  @Test
  void renamingALabelKeepsTheStateFingerprintOnly() throws IOException {
    ModelBundle before = BundleReader.load(folder);
    edit("\"green\"", "\"lime\"");
    ModelBundle renamed = BundleReader.load(folder);
    assertThat(renamed.stateFingerprint()).isEqualTo(before.stateFingerprint());
    assertThat(renamed.bundleFingerprint()).isNotEqualTo(before.bundleFingerprint());
    edit("\"interpolation\": \"area\"", "\"interpolation\": \"linear\"");
    assertThat(BundleReader.load(folder).stateFingerprint())
        .isNotEqualTo(before.stateFingerprint());
    assertThat(
            Stream.of(before.stateFingerprint(), before.bundleFingerprint())
                .allMatch(f -> f.matches("[0-9a-f]{64}")))
        .isTrue();
  }

  @Test
  void reducedScaleOfJpegsIsPartOfTheStateFingerprint() throws IOException {
    ModelBundle before = BundleReader.load(folder);
    edit("\"reducedScaleJpeg\": false", "\"reducedScaleJpeg\": true");
    ModelBundle reduced = BundleReader.load(folder);
    assertThat(reduced.input()).isEqualTo(before.input().withReducedScaleJpeg(true));
    assertThat(reduced.stateFingerprint()).isNotEqualTo(before.stateFingerprint());
  }

  private void edit(String find, String replacement) throws IOException {
    String text = Files.readString(folder.resolve("model.json"));
    assertThat(text).contains(find);
    Files.writeString(folder.resolve("model.json"), text.replace(find, replacement));
  }

  private List<String> problems() {
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> BundleReader.load(folder));
    assertThat(e).isNotNull();
    return e.problems();
  }
}

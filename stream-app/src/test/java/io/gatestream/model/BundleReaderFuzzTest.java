package io.gatestream.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.errors.ConfigException;
import io.gatestream.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Any bytes as a bundle: refused by name of the file, or one whose every number can be counted on.
 *
 * <p>An input is a model.json, a zero byte and a step.onnx. In place of model.json there may be
 * lines that change one, each a JSON pointer, a blank and a value. A hash {@code "@"} is that of
 * the input's step.onnx.
 */
class BundleReaderFuzzTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Path BASE = TestBundles.tinyLstm();
  private static final Path FOLDER = newFolder();

  @FuzzTest
  void everyFolderIsRefusedByNameOrABundle(byte[] input) throws Exception {
    int end = 0;
    while (end < input.length && input[end] != 0) {
      end++;
    }
    byte[] graph = Arrays.copyOfRange(input, Math.min(input.length, end + 1), input.length);
    String json = new String(input, 0, end, ISO_8859_1);
    byte[] contract =
        (json.startsWith("/") ? changed(json) : json)
            .replace("\"@\"", '"' + Sha256.hex(graph) + '"')
            .getBytes(ISO_8859_1);
    Files.write(FOLDER.resolve("model.json"), contract);
    Files.write(FOLDER.resolve("step.onnx"), graph);
    locations(graph);
    Optional<ModelBundle> bundle = load();
    if (bundle.isPresent()) {
      assertThat(load()).as("read again").isEqualTo(bundle);
      requireSound(bundle.get(), MAPPER.readTree(contract));
      requireOwnFiles(bundle.get(), graph);
    }
  }

  private static Optional<ModelBundle> load() {
    try {
      return Optional.of(BundleReader.load(FOLDER));
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty().allMatch(p -> p.contains(FOLDER.toString()));
      return Optional.empty();
    }
  }

  private static void locations(byte[] graph) {
    String text = new String(graph, UTF_8);
    try {
      assertThat(ExternalData.locations("step.onnx", ByteBuffer.wrap(graph)))
          .allMatch(text::contains);
    } catch (ConfigException e) {
      assertThat(e).hasMessageStartingWith("step.onnx: ");
    }
  }

  /** A graph may keep values in files of the bundle only, those with a hash. */
  private static void requireOwnFiles(ModelBundle bundle, byte[] graph) {
    StepSpec step = bundle.step();
    try {
      boolean whole = ExternalData.check(FOLDER, step.file(), ByteBuffer.wrap(graph), step.data());
      assertThat(whole || !step.data().isEmpty()).isTrue();
    } catch (ConfigException e) {
      assertThat(e).hasMessageContaining(FOLDER.toString());
    }
  }

  private static void requireSound(ModelBundle bundle, JsonNode json) {
    assertThat(bundle.stateFingerprint()).matches("[0-9a-f]{64}");
    assertThat(bundle.bundleFingerprint()).matches("[0-9a-f]{64}");
    assertThat(bundle.name()).isNotBlank();
    Set<String> labels = new HashSet<>(bundle.labels());
    assertThat(labels).isNotEmpty().hasSameSizeAs(bundle.labels());
    assertThat(bundle.thresholds().keySet()).isSubsetOf(labels);
    assertThat(bundle.thresholds().values()).allMatch(score -> score >= 0 && score <= 1);
    bundle.background().ifPresent(label -> assertThat(labels).contains(label));
    assertThat(Classifier.isTemperature(bundle.temperature())).isTrue();
    assertThat(bundle.input().bytes()).isPositive();
    assertThat(bundle.featureSize()).isPositive();
    assertThat(bundle.step().logits().shape()).isEqualTo(List.of(-1, labels.size()));
    assertThat(bundle.encoder().bitEqualBatchSizes()).allMatch(size -> size >= 1);
    for (StateSpec state : bundle.states()) {
      assertThat(state.size()).isPositive();
    }
    assertThat((long) bundle.stateBytes())
        .isEqualTo(4 * bundle.states().stream().mapToLong(StateSpec::size).sum());
    requireAsWritten(json.at("/input/width"), bundle.input().width());
    requireAsWritten(json.at("/input/height"), bundle.input().height());
    requireAsWritten(json.at("/input/frameIntervalMillis"), bundle.frameIntervalMicros() / 1_000);
    for (int i = 0; i < bundle.states().size(); i++) {
      List<Integer> shape = bundle.states().get(i).shape();
      for (int j = 0; j < shape.size(); j++) {
        requireAsWritten(json.at("/step/states/%d/shape/%d".formatted(i, j)), shape.get(j));
      }
    }
  }

  private static void requireAsWritten(JsonNode number, long found) {
    assertThat(number.bigIntegerValue()).isEqualTo(found);
  }

  private static String changed(String lines) throws IOException {
    ObjectNode contract = (ObjectNode) MAPPER.readTree(BASE.resolve("model.json").toFile());
    for (String line : lines.lines().toList()) {
      String[] change = line.split(" ", 2);
      try {
        change(contract, JsonPointer.compile(change[0]), MAPPER.readTree(change[1]));
      } catch (IllegalArgumentException
          | JsonProcessingException
          | ArrayIndexOutOfBoundsException e) {
        // no change
      }
    }
    return new String(MAPPER.writeValueAsBytes(contract), ISO_8859_1);
  }

  private static void change(ObjectNode contract, JsonPointer at, JsonNode value) {
    if (at.matches() || value.isMissingNode()) {
      return;
    }
    JsonNode holder = contract.at(at.head());
    if (holder instanceof ObjectNode object) {
      object.set(at.last().getMatchingProperty(), value);
    } else if (holder instanceof ArrayNode array && at.last().mayMatchElement()) {
      int index = at.last().getMatchingIndex();
      if (index < array.size()) {
        array.set(index, value);
      } else {
        array.add(value);
      }
    }
  }

  private static Path newFolder() {
    try {
      Path folder = Files.createTempDirectory("bundle");
      folder.toFile().deleteOnExit();
      for (String file : List.of("model.json", "step.onnx", "encoder.onnx")) {
        Files.copy(BASE.resolve(file), folder.resolve(file));
        folder.resolve(file).toFile().deleteOnExit();
      }
      return folder;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

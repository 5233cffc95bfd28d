package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.errors.ConfigException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of model.json left out or made wrong in every way: one problem, which names it. */
final class BundleFieldsTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Wrong for every field of another type. */
  private static final List<JsonNode> VALUES =
      List.of(
          JSON.textNode("nonsense!"),
          JSON.textNode(""),
          JSON.numberNode(-7),
          JSON.numberNode(0.5),
          JSON.numberNode(1e300),
          JSON.booleanNode(true),
          JSON.nullNode(),
          JSON.arrayNode(),
          JSON.arrayNode().add(JSON.nullNode()),
          JSON.objectNode(),
          JSON.objectNode().put("x", 1));

  /** Those whose absence or wrong value is always an error. */
  private static final Set<String> REQUIRED =
      Set.of(
          "format",
          "name",
          "version",
          "labels",
          "activation",
          "temperature",
          "input",
          "encoder",
          "step",
          "licence");

  static Stream<Arguments> fields() throws IOException {
    List<Arguments> fields = new ArrayList<>();
    for (Path folder :
        List.of(TestBundles.tinyGru(), TestBundles.tinyLstm(), TestBundles.tinyElapsed())) {
      JsonNode contract = new ObjectMapper().readTree(folder.resolve("model.json").toFile());
      List<String> pointers = new ArrayList<>();
      collect(contract, "", pointers);
      pointers.forEach(pointer -> fields.add(Arguments.of(folder, pointer)));
    }
    return fields.stream();
  }

  private static void collect(JsonNode node, String pointer, List<String> found) {
    if (pointer.startsWith("/training")) {
      return; // anything may be in there
    }
    if (!pointer.isEmpty()) {
      found.add(pointer);
    }
    if (node.isObject()) {
      node.properties()
          .forEach(field -> collect(field.getValue(), pointer + "/" + field.getKey(), found));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.get(i), pointer + "/" + i, found);
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void wrongValueIsOneProblem(Path folder, String pointer) throws IOException {
    for (JsonNode value : VALUES) {
      ObjectNode contract = contract(folder);
      put(contract, pointer, value);
      if (value.isObject() && problems(folder, contract).size() > 1) {
        // right as an object, and each of its own fields is missing
        assertThat(problems(folder, contract))
            .allMatch(problem -> problem.contains(path(pointer) + "."));
      } else {
        requireOneProblem(folder, contract, pointer, value.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void missingFieldIsOneProblem(Path folder, String pointer) throws IOException {
    ObjectNode contract = contract(folder);
    if (holder(contract, pointer) instanceof ObjectNode object) {
      object.remove(last(pointer));
      boolean refused = requireOneProblem(folder, contract, pointer, "missing");
      if (REQUIRED.contains(pointer.substring(1))) {
        assertThat(refused).as("%s is required", pointer).isTrue();
      }
    }
  }

  /** That of the field: with thresholds the activation's stand-in made a second one. */
  @Test
  void missingActivationSaysNothingOfThresholds() throws IOException {
    for (JsonNode value : List.of(JSON.textNode("relu"), JSON.nullNode())) {
      ObjectNode contract = contract(TestBundles.tinyLstm());
      assertThat(contract.path("thresholds").isEmpty()).isFalse();
      contract.set("activation", value);

      assertThat(problems(TestBundles.tinyLstm(), contract))
          .singleElement()
          .asString()
          .contains("activation is " + value + ": expected one of softmax, sigmoid");
    }
  }

  @Test
  void independentProblemsAreStillSaidTogether() throws IOException {
    ObjectNode contract = contract(TestBundles.tinyGru());
    contract.remove("activation");
    contract.put("temperature", -1);
    ((ObjectNode) contract.path("encoder")).remove("file");

    assertThat(problems(TestBundles.tinyGru(), contract)).hasSize(3);
  }

  /** Its lowest 64 bits are 16, which would be right. */
  @Test
  void aNumberOfMoreThan64BitsIsNotItsLowestBits() throws IOException {
    JsonNode large = JSON.numberNode(BigInteger.ONE.shiftLeft(64).add(BigInteger.valueOf(16)));
    for (String pointer : List.of("/input/width", "/encoder/frames/shape/1")) {
      ObjectNode contract = contract(TestBundles.tinyGru());
      put(contract, pointer, large);

      assertThat(problems(TestBundles.tinyGru(), contract))
          .singleElement()
          .asString()
          .contains("18446744073709551632: expected a whole number");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[65536, 65536]", "[641, 6700417, 2, 16777216]", "[16777216, 2]"})
  void aStateOfTooManyValuesIsRefusedWhereItsSizeOverflowsToo(String shape) throws IOException {
    ObjectNode contract = contract(TestBundles.tinyGru());
    put(contract, "/step/states/0/shape", new ObjectMapper().readTree(shape));

    assertThat(problems(TestBundles.tinyGru(), contract))
        .singleElement()
        .asString()
        .contains("at most 16777216 values");
  }

  @Test
  void statesOfTooManyValuesInAllAreRefused() throws IOException {
    ObjectNode contract = contract(TestBundles.tinyGru());
    ArrayNode states = JSON.arrayNode();
    for (int i = 0; i < 17; i++) {
      ObjectNode state = states.addObject().put("input", "in" + i).put("output", "out" + i);
      state.putArray("shape").add(1 << 24);
    }
    put(contract, "/step/states", states);

    assertThat(problems(TestBundles.tinyGru(), contract))
        .singleElement()
        .asString()
        .contains("step.states has 285212672 values in all: expected at most 268435456");
  }

  /** Whether there was one; some values are right for some fields. */
  private static boolean requireOneProblem(
      Path folder, ObjectNode contract, String pointer, String what) {
    List<String> problems = problems(folder, contract);
    if (problems.isEmpty()) {
      return false;
    }
    assertThat(problems).as("%s = %s", pointer, what).hasSize(1);
    String named = last(pointer).equals("file") ? "nonsense!" : pointer.split("/", -1)[1];
    assertThat(problems.get(0))
        .as("%s = %s", pointer, what)
        .containsAnyOf(named, path(pointer))
        .doesNotContain("Exception");
    return true;
  }

  private static List<String> problems(Path folder, ObjectNode contract) {
    try {
      new BundleReader(folder, contract).read();
      return List.of();
    } catch (ConfigException e) {
      return e.problems();
    }
  }

  private static ObjectNode contract(Path folder) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(folder.resolve("model.json").toFile());
  }

  private static JsonNode holder(JsonNode contract, String pointer) {
    return contract.at(pointer.substring(0, pointer.lastIndexOf('/')));
  }

  /** As messages write it. */
  private static String path(String pointer) {
    return pointer.substring(1).replaceAll("/([0-9]+)", "[$1]").replace('/', '.');
  }

  private static String last(String pointer) {
    return pointer.substring(pointer.lastIndexOf('/') + 1);
  }

  private static void put(JsonNode contract, String pointer, JsonNode value) {
    if (holder(contract, pointer) instanceof ArrayNode array) {
      array.set(Integer.parseInt(last(pointer)), value);
    } else {
      ((ObjectNode) holder(contract, pointer)).set(last(pointer), value);
    }
  }
}

package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventRulesWriterTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Property(tries = 100)
  void whatIsWrittenReadsBack(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    List<String> labels = List.of("red", "green", "blue");
    Optional<String> background = random.nextBoolean() ? Optional.of("green") : Optional.empty();
    EventRule common = rule(random);
    List<EventRule> rules = new ArrayList<>();
    for (int label = 0; label < 3; label++) {
      if (random.nextInt(3) > 0) {
        rules.add((random.nextBoolean() ? common : rule(random)).of(label, labels.get(label)));
      }
    }
    EventRules written = new EventRules(rules, random.nextInt(3) * 1_000L, 5_000);
    ObjectNode json = EventRulesWriter.json(written, labels, background);
    FieldProblems problems = new FieldProblems("test");
    EventRules read =
        new EventRulesReader(new JsonFields(json, "", problems), labels, background).read();
    assertThat(problems.all()).as("seed %d: %s", seed, json).isEmpty();
    assertThat(read.rules()).as("seed %d: %s", seed, json).isEqualTo(rules);
    if (!rules.isEmpty()) {
      assertThat(read).as("seed %d", seed).isEqualTo(written);
    }
  }

  private static EventRule rule(Random random) {
    double enter = (1 + random.nextInt(100)) / 100.0;
    return new EventRule(
        0,
        "",
        random.nextInt(5) * 1_000L,
        enter,
        random.nextInt(5) * 1_000L,
        enter * (1 + random.nextInt(4)) / 4,
        random.nextInt(5) * 1_000L,
        random.nextInt(5) * 1_000L,
        random.nextInt(5) * 1_000L);
  }

  @Test
  void aBundleKeepsAllElse(@TempDir Path folder) throws Exception {
    for (String file : List.of("model.json", "encoder.onnx", "step.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
    JsonNode before = MAPPER.readTree(folder.resolve("model.json").toFile());
    ModelBundle bundle = BundleReader.load(folder);
    EventRules rules =
        new EventRules(List.of(new EventRule(1, "green", 0, 0.5, 0, 0.25, 0, 0, 0)), 0, 9_000_000);
    EventRulesWriter.writeInto(bundle, rules);
    ObjectNode after = (ObjectNode) MAPPER.readTree(folder.resolve("model.json").toFile());
    assertThat(after.remove("events")).isNotNull();
    assertThat((JsonNode) after).isEqualTo(before);
    ModelBundle read = BundleReader.load(folder);
    assertThat(read.events()).isEqualTo(rules);
    assertThat(read.stateFingerprint()).as("streams go on").isEqualTo(bundle.stateFingerprint());
    assertThat(read.bundleFingerprint()).isNotEqualTo(bundle.bundleFingerprint());
  }
}

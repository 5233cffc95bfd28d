package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatestream.config.Provider;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTest {
  @ParameterizedTest
  @MethodSource("io.gatestream.model.TestBundles#all")
  void featuresLogitsAndStatesAreTheGoldenOnes(Path folder) throws Exception {
    ModelBundle bundle = BundleReader.load(folder);
    JsonNode golden =
        new JsonMapper().readTree(folder.resolve("golden/golden.json").toFile()).path("frames");
    assertThat(golden).isNotEmpty();
    double exact =
        new JsonMapper()
            .readTree(folder.resolve("model.json").toFile())
            .path("tolerance")
            .path("exact")
            .asDouble(1e-5);
    try (ModelRuntime runtime = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT)) {
      float[][] state = runtime.step().initialState();
      for (JsonNode frame : golden) {
        byte[] bytes =
            Files.readAllBytes(folder.resolve("golden").resolve(frame.path("pixels").asText()));
        assertThat(bytes).hasSize(bundle.input().bytes());
        ByteBuffer pixels = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        float[] features = runtime.encoder().encode(pixels, 1)[0];
        float[] expected = floats(frame.path("features"));
        near(features, expected, exact * rootMeanSquare(expected));
        RecurrentStep.Result result =
            runtime
                .step()
                .step(
                    features,
                    state,
                    (float) frame.path("elapsed").asDouble(),
                    floats(frame.path("auxiliary")));
        near(result.logits(), floats(frame.path("logits")), bundle.tolerance().logits());
        state = result.state();
        for (int i = 0; i < state.length; i++) {
          near(state[i], floats(frame.path("states").get(i)), bundle.tolerance().logits());
        }
      }
    }
  }

  private static void near(float[] found, float[] expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(Math.abs((double) found[i] - expected[i])).isLessThanOrEqualTo(tolerance);
    }
  }

  private static double rootMeanSquare(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum / values.length);
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }
}

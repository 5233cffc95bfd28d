package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import io.gatestream.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRuntimeTest {
  private final ModelBundle bundle = BundleReader.load(TestBundles.tinyGru());

  @Test
  void stepsFromFourThreadsEqualSerialOnesAndChangeNoArgument() throws Exception {
    try (ModelRuntime runtime = open(RuntimeSettings.DEFAULT)) {
      float[] first = walk(runtime, 0);
      float[] second = walk(runtime, 1);
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<float[]>> walks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int seed = i % 2;
        walks.add(threads.submit(() -> walk(runtime, seed)));
      }
      for (int i = 0; i < walks.size(); i++) {
        assertThat(walks.get(i).get()).isEqualTo(i % 2 == 0 ? first : second);
      }
      threads.shutdown();
      assertThat(first).isNotEqualTo(second);
    }
  }

  /** Whole batches and padded ones, from threads that share the tensors. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-gru", "tiny-lstm", "tiny-elapsed", "tiny-memoryless"})
  void stepsOfSeveralStreamsAreBitEqualToStepsAlone(String name) throws Exception {
    ModelBundle given = BundleReader.load(TestBundles.tinyGru().resolveSibling(name));
    try (ModelRuntime runtime =
        ModelRuntime.open(given, Provider.CPU, RuntimeSettings.DEFAULT.withStepBatch(8))) {
      RecurrentStep step = runtime.step();
      assertThat(step.maxBatch()).isEqualTo(8);
      List<StepCall> calls = new ArrayList<>();
      List<RecurrentStep.Result> alone = new ArrayList<>();
      Random random = new Random(5);
      for (int i = 0; i < 8; i++) {
        float[][] state = step.initialState();
        Arrays.setAll(state, tensor -> floats(random, state[tensor].length));
        StepCall call =
            new StepCall(
                floats(random, given.featureSize()),
                state,
                random.nextFloat(),
                floats(random, given.auxiliarySize().orElse(0)));
        calls.add(call);
        alone.add(step.step(call.features(), call.state(), call.elapsed(), call.auxiliary()));
      }
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<?>> batches = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int first = i % 8;
        int end = first + 1 + i / 8 % (8 - first);
        batches.add(
            threads.submit(
                () -> {
                  List<RecurrentStep.Result> together = step.step(calls.subList(first, end));
                  for (int row = first; row < end; row++) {
                    assertThat(together.get(row - first).logits())
                        .isEqualTo(alone.get(row).logits());
                    assertThat(together.get(row - first).state())
                        .isDeepEqualTo(alone.get(row).state());
                  }
                }));
      }
      for (Future<?> batch : batches) {
        batch.get();
      }
      threads.shutdown();
      assertThat(alone.get(0).logits()).isNotEqualTo(alone.get(1).logits());
      assertThatThrownBy(() -> step.step(List.of())).hasMessageContaining("expected 1 to 8");
    }
  }

  private static float[] floats(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  @Test
  void aStepBatchThatIsNotBitEqualIsRefusedByName() {
    RuntimeSettings settings = RuntimeSettings.DEFAULT.withStepBatch(7);
    assertThatThrownBy(() -> open(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("step.batch is 7")
        .hasMessageContaining("batches of 1, 2, 3");
  }

  private static float[] walk(ModelRuntime runtime, int seed) {
    float[][] state = runtime.step().initialState();
    float[] logits = {};
    for (int i = 0; i < 50; i++) {
      float[] features = {seed, i % 3 - 1, 0.5f, 0, 0, 0};
      float[] keptFeatures = features.clone();
      float[] keptState = state[0].clone();
      RecurrentStep.Result result = runtime.step().step(features, state, 0, new float[0]);
      assertThat(features).isEqualTo(keptFeatures);
      assertThat(state[0]).isEqualTo(keptState);
      state = result.state();
      logits = result.logits();
    }
    return logits;
  }

  /** Tensors for features are reused, by one call at a time. */
  @Test
  void batchesFromFourThreadsEqualPicturesOneByOne() throws Exception {
    try (ModelRuntime runtime = open(RuntimeSettings.DEFAULT.withMaxBatch(8))) {
      FrameEncoder encoder = runtime.encoder();
      ByteBuffer pictures = WarmUp.pictures(bundle, 8);
      int bytes = bundle.input().bytes();
      float[][] alone = new float[8][];
      for (int i = 0; i < 8; i++) {
        alone[i] = encoder.encode(pictures.slice(i * bytes, bytes), 1)[0];
      }
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<float[][]>> batches = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int first = i % 8;
        int batch = 1 + i / 8 % (8 - first);
        batches.add(
            threads.submit(
                () -> encoder.encode(pictures.slice(first * bytes, batch * bytes), batch)));
      }
      for (int i = 0; i < batches.size(); i++) {
        float[][] features = batches.get(i).get();
        for (int j = 0; j < features.length; j++) {
          assertThat(features[j]).as("call %d, picture %d", i, j).isEqualTo(alone[i % 8 + j]);
        }
      }
      threads.shutdown();
    }
  }

  @Test
  void everyBatchEqualsPicturesOneByOne() {
    try (ModelRuntime runtime = open(RuntimeSettings.DEFAULT.withMaxBatch(8))) {
      FrameEncoder encoder = runtime.encoder();
      ByteBuffer pictures = WarmUp.pictures(bundle, 8);
      int bytes = bundle.input().bytes();
      assertThat(encoder.maxBatch()).isEqualTo(8);
      for (int batch = 1; batch <= 8; batch++) {
        float[][] together = encoder.encode(pictures, batch);
        assertThat(together).hasNumberOfRows(batch);
        for (int i = 0; i < batch; i++) {
          assertThat(together[i]).isEqualTo(encoder.encode(pictures.slice(i * bytes, bytes), 1)[0]);
        }
      }
      assertThatThrownBy(() -> encoder.encode(pictures, 9))
          .hasMessageContaining("batch of 9 pictures: expected 1 to 8");
    }
  }

  @Test
  void defaultsOnTheCpuAreBatchOneAndACallerForEachProcessor() {
    try (ModelRuntime runtime = open(RuntimeSettings.DEFAULT)) {
      assertThat(runtime.encoder().maxBatch()).isOne();
      assertThat(runtime.encoder().callers()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }
  }

  @Test
  void elapsedAndSideFeaturesReachTheStep() {
    ModelBundle elapsed = BundleReader.load(TestBundles.tinyElapsed());
    try (ModelRuntime runtime = ModelRuntime.open(elapsed, Provider.CPU, RuntimeSettings.DEFAULT)) {
      RecurrentStep step = runtime.step();
      float[] features = {1, 2, 3, 9, 9, 9};
      RecurrentStep.Result result =
          step.step(features, step.initialState(), 1, new float[] {10, 20});
      assertThat(result.logits()).containsExactly(11.5f, 23, 4.5f);
      assertThat(result.state()[0]).containsExactly(11.5f, 23, 4.5f);
      assertThatThrownBy(() -> step.step(features, step.initialState(), 0, new float[1]))
          .hasMessage("auxiliary of 1 floats: expected 2");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CUDA", "TENSORRT"})
  void aProviderThatThisBuildLacksIsAnErrorThatNamesTheLibrary(Provider provider) {
    assertThatThrownBy(() -> ModelRuntime.open(bundle, provider, RuntimeSettings.DEFAULT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("this build has no " + provider + " provider")
        .hasMessageContaining("libonnxruntime_providers_")
        .hasMessageContaining("-Pcuda")
        .hasMessageContaining("or set the provider to cpu or auto");
  }

  @Test
  void autoFallsBackToTheCpu() {
    try (ModelRuntime runtime = ModelRuntime.open(bundle, Provider.AUTO, RuntimeSettings.DEFAULT)) {
      assertThat(runtime.provider()).isEqualTo(Provider.CPU);
    }
  }

  @Test
  void aGraphThatIsNotAsTheContractSaysIsRefused(@TempDir Path folder) throws IOException {
    copyTinyGru(folder);
    String json = Files.readString(folder.resolve("model.json"));
    Files.writeString(
        folder.resolve("model.json"),
        json.replace("\"hidden_next\"", "\"next\"").replaceAll("\\[\\s*1,\\s*4\\s*\\]", "[1, 5]"));
    ModelBundle wrong = BundleReader.load(folder);
    assertThatThrownBy(() -> ModelRuntime.open(wrong, Provider.CPU, RuntimeSettings.DEFAULT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the input 'hidden' has the shape [-1, 1, 4]: expected [-1, 1, 5]")
        .hasMessageContaining("expected the output 'next' as model.json says, found");
  }

  @Test
  void problemsOfBothGraphsAreReportedTogether(@TempDir Path folder) throws IOException {
    copyTinyGru(folder);
    String json = Files.readString(folder.resolve("model.json"));
    Files.writeString(
        folder.resolve("model.json"),
        json.replace("\"name\": \"frames\"", "\"name\": \"pictures\"")
            .replace("\"hidden_next\"", "\"next\""));
    ModelBundle wrong = BundleReader.load(folder);
    assertThatThrownBy(() -> ModelRuntime.open(wrong, Provider.CPU, RuntimeSettings.DEFAULT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("expected the input 'pictures' as model.json says, found [frames]")
        .hasMessageContaining("expected the output 'next' as model.json says, found");
  }

  @Test
  void aListedBatchSizeThatIsNotBitEqualHereFallsBackToOneWithOneLine(@TempDir Path folder)
      throws IOException {
    copyTinyGru(folder);
    byte[] uneven = Files.readAllBytes(TestBundles.unevenEncoder());
    Files.write(folder.resolve("encoder.onnx"), uneven);
    String json = Files.readString(folder.resolve("model.json"));
    Files.writeString(
        folder.resolve("model.json"), json.replace(bundle.encoder().sha256(), Sha256.hex(uneven)));
    ModelBundle optimistic = BundleReader.load(folder);
    assertThat(optimistic.encoder().bitEqualBatchSizes()).contains(2, 4);
    try (CapturedLog log = CapturedLog.of(ModelRuntime.class);
        ModelRuntime runtime =
            ModelRuntime.open(optimistic, Provider.CPU, RuntimeSettings.DEFAULT.withMaxBatch(4))) {
      assertThat(runtime.encoder().maxBatch()).isOne();
      assertThat(runtime.encoder().encode(WarmUp.pictures(optimistic, 1), 1)[0]).containsOnly(1f);
      assertThat(log.lines())
          .containsExactly(
              "encoder.onnx: batches of [2, 3, 4] are not bit-equal to batch 1 on this machine:"
                  + " those of [1] are used");
    }
  }

  @Test
  void aBatchLargerThanTheListedSizesIsCutWithOneLine() {
    try (CapturedLog log = CapturedLog.of(ModelRuntime.class);
        ModelRuntime runtime = open(RuntimeSettings.DEFAULT.withMaxBatch(6))) {
      assertThat(runtime.encoder().maxBatch()).isEqualTo(4);
      assertThat(log.lines())
          .containsExactly(
              "encoder.onnx: batches of at most 4 in place of 6: larger ones were not found"
                  + " bit-equal");
    }
  }

  private static void copyTinyGru(Path folder) throws IOException {
    for (String file : List.of("model.json", "encoder.onnx", "step.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
  }

  @Test
  void closeMayBeRepeatedAndLaterCallsFail() {
    ModelRuntime runtime = open(RuntimeSettings.DEFAULT);
    runtime.close();
    runtime.close();
    assertThatThrownBy(() -> runtime.encoder().encode(WarmUp.pictures(bundle, 1), 1))
        .hasMessageContaining("encoder.onnx is closed");
  }

  private ModelRuntime open(RuntimeSettings settings) {
    return ModelRuntime.open(bundle, Provider.CPU, settings);
  }
}

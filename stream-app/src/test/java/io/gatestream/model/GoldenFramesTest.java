package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatestream.config.Provider;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden frames through the decoder that serves, within the tolerances of docs/bundle.md. */
class GoldenFramesTest {
  @ParameterizedTest
  @MethodSource("io.gatestream.model.TestBundles#all")
  void decodedFramesGiveTheGoldenPixelsFeaturesAndTopLabel(Path folder) throws Exception {
    ModelBundle bundle = BundleReader.load(folder);
    Path golden = folder.resolve("golden");
    JsonNode frames =
        new JsonMapper().readTree(golden.resolve("golden.json").toFile()).path("frames");
    assertThat(frames).isNotEmpty();
    PictureDecoder decoder = new PictureDecoder(bundle.input(), FrameLimits.DEFAULT);
    try (ModelRuntime runtime = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT)) {
      float[][] state = runtime.step().initialState();
      for (JsonNode frame : frames) {
        String name = frame.path("file").asText();
        ByteBuffer pixels = decode(decoder, golden.resolve(name), frame, bundle.input().bytes());
        byte[] expected = Files.readAllBytes(golden.resolve(frame.path("pixels").asText()));
        boolean lossy = frame.path("encoding").asText().equals("JPEG");
        assertThat(largestDifference(pixels, expected))
            .as("levels of %s", name)
            .isLessThanOrEqualTo(lossy ? bundle.tolerance().pixels() : 0);
        float[] features = runtime.encoder().encode(pixels, 1)[0];
        assertThat(differenceOfRms(features, frame.path("features")))
            .as("features of %s", name)
            .isLessThanOrEqualTo(bundle.tolerance().features());
        RecurrentStep.Result result =
            runtime
                .step()
                .step(
                    features,
                    state,
                    (float) frame.path("elapsed").asDouble(),
                    floats(frame.path("auxiliary")));
        assertThat(top(result.logits()))
            .as("top label of %s", name)
            .isEqualTo(top(floats(frame.path("logits"))));
        state = result.state();
      }
    }
  }

  private static ByteBuffer decode(PictureDecoder decoder, Path file, JsonNode golden, int bytes)
      throws Exception {
    ByteBuffer pixels = ByteBuffer.allocateDirect(bytes);
    Frame frame =
        Frame.newBuilder()
            .setStreamId("golden")
            .setSession(Instant.EPOCH)
            .setSequence(0)
            .setCaptureTime(Instant.EPOCH)
            .setSourceTime(0)
            .setEncoding(Encoding.valueOf(golden.path("encoding").asText()))
            .setPayload(ByteBuffer.wrap(Files.readAllBytes(file)))
            .setWidth(golden.path("width").asInt())
            .setHeight(golden.path("height").asInt())
            .setAuxiliary(List.of())
            .build();
    decoder.decode(
        frame,
        new PictureSink() {
          @Override
          public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
            return Optional.of(pixels);
          }

          @Override
          public void filled(int index) {}
        });
    return pixels.clear();
  }

  private static int largestDifference(ByteBuffer found, byte[] expected) {
    assertThat(expected).hasSize(found.capacity());
    int largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((found.get(i) & 0xFF) - (expected[i] & 0xFF)));
    }
    return largest;
  }

  private static double differenceOfRms(float[] found, JsonNode golden) {
    float[] expected = floats(golden);
    assertThat(found).hasSameSizeAs(expected);
    double squares = 0;
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      squares += (double) expected[i] * expected[i];
      largest = Math.max(largest, Math.abs((double) found[i] - expected[i]));
    }
    return largest / Math.sqrt(squares / found.length);
  }

  private static int top(float[] logits) {
    int top = 0;
    for (int i = 1; i < logits.length; i++) {
      top = logits[i] > logits[top] ? i : top;
    }
    return top;
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }
}

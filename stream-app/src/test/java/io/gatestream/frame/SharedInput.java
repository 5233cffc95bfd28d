package io.gatestream.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Region;
import io.gatestream.frame.InputSpec.Resize;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads what model-export's tests wrote for the tests here: src/test/resources/pictures. */
public final class SharedInput {
  private SharedInput() {}

  /** The cases of one file. */
  public static Stream<JsonNode> cases(String file) throws IOException {
    try (InputStream json = SharedInput.class.getResourceAsStream("/pictures/" + file)) {
      return StreamSupport.stream(new ObjectMapper().readTree(json).spliterator(), false);
    }
  }

  /** {@code input} of a model.json. */
  public static InputSpec parse(JsonNode spec) {
    JsonNode resize = spec.get("resize");
    JsonNode region = resize.get("regionOfInterest");
    JsonNode colour = resize.get("letterboxColour");
    return new InputSpec(
        spec.get("width").asInt(),
        spec.get("height").asInt(),
        new Resize(
            Mode.valueOf(resize.get("mode").asText().toUpperCase(Locale.ROOT).replace('-', '_')),
            Interpolation.valueOf(resize.get("interpolation").asText().toUpperCase(Locale.ROOT)),
            List.of(colour.get(0).asInt(), colour.get(1).asInt(), colour.get(2).asInt()),
            region.isNull()
                ? Optional.empty()
                : Optional.of(
                    new Region(
                        region.get("x").asDouble(),
                        region.get("y").asDouble(),
                        region.get("width").asDouble(),
                        region.get("height").asDouble())),
            resize.get("reducedScaleJpeg").asBoolean()));
  }
}

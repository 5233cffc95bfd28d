package io.gatestream.model;

import io.gatestream.config.InputSpec;
import io.gatestream.config.InputSpec.Interpolation;
import io.gatestream.config.InputSpec.Mode;
import io.gatestream.config.InputSpec.Region;
import io.gatestream.config.InputSpec.Resize;
import java.util.List;
import java.util.Optional;

/** Reads the {@code input} object of model.json. */
final class InputReader {
  private final JsonFields fields;

  InputReader(JsonFields fields) {
    this.fields = fields;
  }

  /** Empty after a problem, which the fields have noted. */
  Optional<InputSpec> read() {
    int width = fields.integer("width", 1, 16_384);
    int height = fields.integer("height", 1, 16_384);
    if (!fields.text("colour").equals("RGB")) {
      fields.wrong("colour", "\"RGB\"");
    }
    JsonFields resize = fields.object("resize");
    Mode mode = resize.choice("mode", Mode.class);
    Interpolation interpolation = resize.choice("interpolation", Interpolation.class);
    List<Integer> colour =
        resize.absent("letterboxColour")
            ? List.of(0, 0, 0)
            : resize.integers("letterboxColour", 0, 255);
    boolean reduced = !resize.absent("reducedScaleJpeg") && resize.flag("reducedScaleJpeg");
    try {
      Optional<Region> region = resize.optionalObject("regionOfInterest").map(InputReader::region);
      return Optional.of(
          new InputSpec(width, height, new Resize(mode, interpolation, colour, region, reduced)));
    } catch (IllegalArgumentException e) {
      resize.problem("input.resize: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Region region(JsonFields region) {
    return new Region(
        region.number("x"), region.number("y"), region.number("width"), region.number("height"));
  }
}

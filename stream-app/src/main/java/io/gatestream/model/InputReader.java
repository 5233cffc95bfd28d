package io.gatestream.model;

import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Region;
import io.gatestream.frame.InputSpec.Resize;
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
    Optional<Region> region = region(resize);
    if (!fields.areSound("width", "height", "resize")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new InputSpec(width, height, new Resize(mode, interpolation, colour, region, reduced)));
    } catch (IllegalArgumentException e) {
      fields.problem("resize", "input.resize: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<Region> region(JsonFields resize) {
    Optional<JsonFields> region = resize.optionalObject("regionOfInterest");
    if (region.isEmpty()) {
      return Optional.empty();
    }
    double x = region.get().number("x");
    double y = region.get().number("y");
    double width = region.get().number("width");
    double height = region.get().number("height");
    if (!resize.areSound("regionOfInterest")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Region(x, y, width, height));
    } catch (IllegalArgumentException e) {
      resize.problem("regionOfInterest", "input.resize: " + e.getMessage());
      return Optional.empty();
    }
  }
}

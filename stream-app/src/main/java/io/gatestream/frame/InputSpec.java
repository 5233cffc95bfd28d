package io.gatestream.frame;

import java.util.List;
import java.util.Optional;

/**
 * What the encoder takes: a picture of {@code width} x {@code height} pixels, RGB, uint8, made from
 * a frame of any size by {@code resize}.
 */
public record InputSpec(int width, int height, Resize resize) {
  public InputSpec {
    if (width < 1 || height < 1 || width > 16_384 || height > 16_384) {
      throw new IllegalArgumentException("input of %d x %d pixels".formatted(width, height));
    }
  }

  /** Bytes of one picture: height * width * 3. */
  public int bytes() {
    return Math.multiplyExact(Math.multiplyExact(width, height), 3);
  }

  /** The same input but for whether JPEGs are decoded at a reduced scale. */
  public InputSpec withReducedScaleJpeg(boolean reduced) {
    return new InputSpec(
        width,
        height,
        new Resize(
            resize.mode(),
            resize.interpolation(),
            resize.letterboxColour(),
            resize.regionOfInterest(),
            reduced));
  }

  /**
   * How a frame becomes the encoder's input; docs/bundle.md defines order and rounding.
   *
   * @param reducedScaleJpeg whether JPEGs of at least twice the input's size are decoded smaller
   */
  public record Resize(
      Mode mode,
      Interpolation interpolation,
      List<Integer> letterboxColour,
      Optional<Region> regionOfInterest,
      boolean reducedScaleJpeg) {
    public Resize {
      letterboxColour = List.copyOf(letterboxColour);
      if (letterboxColour.size() != 3 || letterboxColour.stream().anyMatch(c -> c < 0 || c > 255)) {
        throw new IllegalArgumentException(
            "letterbox colour " + letterboxColour + " is not three values of 0..255");
      }
    }

    public static Resize of(Mode mode, Interpolation interpolation) {
      return new Resize(mode, interpolation, List.of(0, 0, 0), Optional.empty(), false);
    }
  }

  public enum Mode {
    STRETCH,
    LETTERBOX,
    CENTRE_CROP
  }

  public enum Interpolation {
    NEAREST,
    LINEAR,
    CUBIC,
    AREA
  }

  /** A part of the frame, in fractions of its width and height. */
  public record Region(double x, double y, double width, double height) {
    public Region {
      if (!(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 && y + height <= 1)) {
        throw new IllegalArgumentException(
            "region %s,%s %s x %s is not inside the frame".formatted(x, y, width, height));
      }
    }
  }
}

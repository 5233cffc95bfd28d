package io.gatestream.frame.decode;

import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Region;
import java.util.Optional;

/**
 * Which part of a frame goes where in the encoder's input, by the resize rule of docs/bundle.md.
 * Immutable.
 *
 * @param source in pixels of the frame
 * @param target in pixels of the input
 */
record Placement(Box source, Box target) {
  /** A rectangle of pixels. */
  record Box(int x, int y, int width, int height) {}

  /** The placement for a frame of {@code width} x {@code height} pixels. */
  static Placement of(InputSpec input, int width, int height) {
    Box cut = cut(input.resize().regionOfInterest(), width, height);
    Box whole = new Box(0, 0, input.width(), input.height());
    return switch (input.resize().mode()) {
      case STRETCH -> new Placement(cut, whole);
      case LETTERBOX -> {
        Box fitted = fit(cut.width(), cut.height(), input.width(), input.height());
        yield new Placement(cut, fitted);
      }
      case CENTRE_CROP -> {
        Box crop = fit(input.width(), input.height(), cut.width(), cut.height());
        yield new Placement(
            new Box(cut.x() + crop.x(), cut.y() + crop.y(), crop.width(), crop.height()), whole);
      }
    };
  }

  private static Box cut(Optional<Region> region, int width, int height) {
    if (region.isEmpty()) {
      return new Box(0, 0, width, height);
    }
    Region r = region.get();
    int left = Math.min(round(r.x() * width), width - 1);
    int top = Math.min(round(r.y() * height), height - 1);
    int right = Math.min(width, Math.max(left + 1, round((r.x() + r.width()) * width)));
    int bottom = Math.min(height, Math.max(top + 1, round((r.y() + r.height()) * height)));
    return new Box(left, top, right - left, bottom - top);
  }

  /** The largest centred box of the aspect {@code width : height} in an area of W x H. */
  private static Box fit(long width, long height, int areaWidth, int areaHeight) {
    int fittedWidth = areaWidth;
    int fittedHeight = areaHeight;
    // in whole numbers, so that no tie is lost to binary fractions
    if (width * areaHeight <= height * areaWidth) {
      fittedWidth = (int) Math.max(1, (2 * width * areaHeight + height) / (2 * height));
    } else {
      fittedHeight = (int) Math.max(1, (2 * height * areaWidth + width) / (2 * width));
    }
    return new Box(
        (areaWidth - fittedWidth) / 2, (areaHeight - fittedHeight) / 2, fittedWidth, fittedHeight);
  }

  private static int round(double value) {
    return (int) Math.floor(value + 0.5);
  }
}

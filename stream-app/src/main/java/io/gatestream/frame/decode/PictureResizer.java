package io.gatestream.frame.decode;

import io.gatestream.frame.InputSpec;
import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Cuts, pads and resizes an RGB picture into a place of the encoder's input. Thread-safe. */
final class PictureResizer {
  private final InputSpec input;

  PictureResizer(InputSpec input) {
    this.input = input;
  }

  /**
   * Fills {@code place}, a direct buffer of {@link InputSpec#bytes()} bytes, from its first byte.
   *
   * @param rgb uint8 [height, width, 3]; stays the caller's
   */
  @SuppressWarnings("try") // the scope frees what is made within it
  void fill(Mat rgb, ByteBuffer place) {
    if (!place.isDirect() || place.capacity() < input.bytes()) {
      throw new IllegalArgumentException(
          "place of %d bytes, direct: %s; expected %d direct bytes"
              .formatted(place.capacity(), place.isDirect(), input.bytes()));
    }
    Placement placement = Placement.of(input, rgb.cols(), rgb.rows());
    ByteBuffer fromStart = place.duplicate().clear();
    try (PointerScope scope = new PointerScope()) {
      Mat whole =
          new Mat(input.height(), input.width(), opencv_core.CV_8UC3, new BytePointer(fromStart));
      Placement.Box box = placement.target();
      if (box.width() < input.width() || box.height() < input.height()) {
        List<Integer> colour = input.resize().letterboxColour();
        whole.put(new Scalar(colour.get(0), colour.get(1), colour.get(2), 0));
      }
      Mat target = new Mat(whole, rect(box));
      long address = target.data().address();
      Mat source = new Mat(rgb, rect(placement.source()));
      opencv_imgproc.resize(source, target, target.size(), 0, 0, interpolation());
      if (target.data().address() != address) {
        throw new IllegalStateException("OpenCV moved the picture out of its place");
      }
    }
  }

  private int interpolation() {
    return switch (input.resize().interpolation()) {
      case NEAREST -> opencv_imgproc.INTER_NEAREST;
      case LINEAR -> opencv_imgproc.INTER_LINEAR;
      case CUBIC -> opencv_imgproc.INTER_CUBIC;
      case AREA -> opencv_imgproc.INTER_AREA;
    };
  }

  private static Rect rect(Placement.Box box) {
    return new Rect(box.x(), box.y(), box.width(), box.height());
  }
}

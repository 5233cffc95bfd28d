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

/** Cuts, pads and resizes a picture to RGB into a place of the encoder's input. Thread-safe. */
final class PictureResizer {
  private final InputSpec input;

  /** The order of a picture's channels. */
  enum Colours {
    RGB,
    BGR
  }

  PictureResizer(InputSpec input) {
    this.input = input;
  }

  /**
   * Fills {@code place}, a direct buffer of {@link InputSpec#bytes()} bytes, from its first byte.
   *
   * @param picture uint8 [height, width, 3]; stays the caller's
   * @param colours the order of its channels, each of which is resized by itself, so that the
   *     smaller picture can be turned
   */
  @SuppressWarnings("try") // the scope frees what is made within it
  void fill(Mat picture, Colours colours, ByteBuffer place) {
    if (!place.isDirect() || place.capacity() < input.bytes()) {
      throw new IllegalArgumentException(
          "place of %d bytes, direct: %s; expected %d direct bytes"
              .formatted(place.capacity(), place.isDirect(), input.bytes()));
    }
    Placement placement = Placement.of(input, picture.cols(), picture.rows());
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
      Mat source = new Mat(picture, rect(placement.source()));
      opencv_imgproc.resize(source, target, target.size(), 0, 0, interpolation());
      if (colours == Colours.BGR) {
        opencv_imgproc.cvtColor(target, target, opencv_imgproc.COLOR_BGR2RGB);
      }
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

package io.gatestream.bench;

import io.gatestream.config.InputSpec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * OpenCV's JPEG decoder alone, at full or reduced scale, and a linear resize: without the check for
 * damage that comes first where frames count. Used by one thread.
 */
final class PlainJpeg implements Work {
  private final BenchFrames frames;
  private final int flags;
  private final Mat decoded = new Mat();
  private final Mat resized;
  private long n;

  /**
   * Creates the work.
   *
   * @param scale 1, 2, 4 or 8: the picture is decoded at that part of its sides
   */
  PlainJpeg(BenchFrames frames, InputSpec input, int scale) {
    this.frames = frames;
    this.flags =
        opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION
            | switch (scale) {
              case 1 -> opencv_imgcodecs.IMREAD_COLOR;
              case 2 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
              case 4 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
              case 8 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
              default -> throw new IllegalArgumentException("scale " + scale);
            };
    this.resized = new Mat(input.height(), input.width(), opencv_core.CV_8UC3);
  }

  @Override
  @SuppressWarnings("try") // the scope frees what is made within it
  public int run() {
    byte[] jpeg = frames.jpeg(n++);
    try (PointerScope scope = new PointerScope()) {
      Mat bytes = new Mat(1, jpeg.length, opencv_core.CV_8UC1, new BytePointer(jpeg));
      opencv_imgcodecs.imdecode(bytes, flags, decoded);
      Size size = resized.size();
      opencv_imgproc.resize(decoded, resized, size, 0, 0, opencv_imgproc.INTER_LINEAR);
    }
    return 1;
  }

  @Override
  public void close() {
    decoded.close();
    resized.close();
  }
}

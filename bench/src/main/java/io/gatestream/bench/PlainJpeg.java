package io.gatestream.bench;

import io.gatestream.frame.InputSpec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * OpenCV's JPEG decoder alone, at full scale, and a linear resize: without the check for damage
 * that comes first where frames count. Used by one thread.
 */
final class PlainJpeg implements Work {
  private static final int FLAGS =
      opencv_imgcodecs.IMREAD_COLOR | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;

  private final BenchFrames frames;
  private final Mat decoded = new Mat();
  private final Mat resized;
  private long n;

  PlainJpeg(BenchFrames frames, InputSpec input) {
    this.frames = frames;
    this.resized = new Mat(input.height(), input.width(), opencv_core.CV_8UC3);
  }

  @Override
  @SuppressWarnings("try") // the scope frees what is made within it
  public int run() {
    byte[] jpeg = frames.jpeg(n++);
    try (PointerScope scope = new PointerScope()) {
      Mat bytes = new Mat(1, jpeg.length, opencv_core.CV_8UC1, new BytePointer(jpeg));
      opencv_imgcodecs.imdecode(bytes, FLAGS, decoded);
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

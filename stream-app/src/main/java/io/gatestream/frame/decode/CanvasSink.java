package io.gatestream.frame.decode;

import org.bytedeco.opencv.opencv_core.Mat;

/** Takes the pictures of one record on the canvas, in order, on the decoding thread. */
public interface CanvasSink {
  /**
   * Whether a picture is wanted. One that is not saves colour conversion and resize.
   *
   * @param captureTime microseconds since the epoch
   */
  boolean wants(int index, long captureTime);

  /**
   * Takes a picture that was wanted.
   *
   * @param rgb uint8 [height, width, 3] of the canvas, without padding; valid until the next
   *     picture, and may be drawn on
   */
  void picture(int index, long captureTime, Mat rgb);
}

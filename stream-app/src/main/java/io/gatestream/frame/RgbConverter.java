package io.gatestream.frame;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Converts decoded video frames to RGB of the same size, bit-exact on every CPU. The matrix is the
 * stream's, BT.601 where it names none, and so is the range, limited by default. Owns native
 * memory; one thread.
 */
final class RgbConverter implements AutoCloseable {
  private static final int FLAGS =
      swscale.SWS_BILINEAR | swscale.SWS_ACCURATE_RND | swscale.SWS_BITEXACT;
  private static final int ONE = 1 << 16;

  private final Mat rgb = new Mat();

  /** Converts {@code frame}; the picture is valid until the next call. */
  @SuppressWarnings("try") // the scope frees what is made within it
  Mat convert(AVFrame frame) {
    rgb.create(frame.height(), frame.width(), opencv_core.CV_8UC3);
    try (PointerScope scope = new PointerScope()) {
      int w = frame.width();
      int h = frame.height();
      SwsContext context =
          swscale.sws_getContext(
              w,
              h,
              frame.format(),
              w,
              h,
              avutil.AV_PIX_FMT_RGB24,
              FLAGS,
              null,
              null,
              (DoublePointer) null);
      if (context == null || context.isNull()) {
        throw new IllegalStateException("no conversion from pixel format " + frame.format());
      }
      IntPointer matrix = swscale.sws_getCoefficients(matrix(frame.colorspace()));
      swscale.sws_setColorspaceDetails(
          context, matrix, fullRange(frame) ? 1 : 0, matrix, 1, 0, ONE, ONE);
      int rows =
          swscale.sws_scale(
              context,
              frame.data(),
              frame.linesize(),
              0,
              h,
              // swscale reads four planes, whatever the format: one alone is read beyond its end
              new PointerPointer<BytePointer>(rgb.data(), null, null, null),
              new IntPointer((int) rgb.step(), 0, 0, 0));
      swscale.sws_freeContext(context);
      if (rows != h) {
        throw new IllegalStateException("converted %d of %d rows".formatted(rows, h));
      }
    }
    return rgb;
  }

  private static boolean fullRange(AVFrame frame) {
    int format = frame.format();
    return frame.color_range() == avutil.AVCOL_RANGE_JPEG
        || format == avutil.AV_PIX_FMT_YUVJ420P
        || format == avutil.AV_PIX_FMT_YUVJ422P
        || format == avutil.AV_PIX_FMT_YUVJ444P;
  }

  private static int matrix(int space) {
    return switch (space) {
      case avutil.AVCOL_SPC_BT709 -> swscale.SWS_CS_ITU709;
      case avutil.AVCOL_SPC_FCC -> swscale.SWS_CS_FCC;
      case avutil.AVCOL_SPC_SMPTE240M -> swscale.SWS_CS_SMPTE240M;
      case avutil.AVCOL_SPC_BT2020_NCL, avutil.AVCOL_SPC_BT2020_CL -> swscale.SWS_CS_BT2020;
      default -> swscale.SWS_CS_ITU601;
    };
  }

  @Override
  public void close() {
    rgb.close();
  }
}

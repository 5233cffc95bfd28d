package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
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
import org.jspecify.annotations.Nullable;

/**
 * Converts decoded video frames to RGB of the same size, bit-exact on every CPU. The matrix is the
 * stream's, BT.601 where it names none, and so is the range, limited by default. Owns native
 * memory, which it keeps for the next picture of the same kind; one thread.
 */
final class RgbConverter implements AutoCloseable {
  private static final int FLAGS =
      swscale.SWS_BILINEAR | swscale.SWS_ACCURATE_RND | swscale.SWS_BITEXACT;
  private static final int ONE = 1 << 16;

  /** sws_scale reads as many, whatever the pixel format needs. */
  private static final int PLANES = 4;

  private final Mat rgb = new Mat();
  private final PointerPointer<BytePointer> planes = new PointerPointer<>(PLANES);
  private final IntPointer strides = new IntPointer(0, 0, 0, 0);
  private @Nullable Kind kind;
  private @Nullable SwsContext context;

  /** What a conversion is set up for. */
  private record Kind(int width, int height, int format, int matrix, boolean fullRange) {
    static Kind of(AVFrame frame) {
      return new Kind(
          frame.width(),
          frame.height(),
          frame.format(),
          RgbConverter.matrix(frame.colorspace()),
          RgbConverter.fullRange(frame));
    }
  }

  /**
   * Converts {@code frame}; the picture is valid until the next call.
   *
   * @throws FrameDecodeException CORRUPT: its pixel format has no conversion
   */
  @SuppressWarnings("try") // the scope frees what is made within it
  Mat convert(AVFrame frame) throws FrameDecodeException {
    try (PointerScope scope = new PointerScope()) {
      Kind wanted = Kind.of(frame);
      SwsContext ready = context;
      if (ready == null || !wanted.equals(kind)) {
        ready = open(wanted);
      }
      int rows =
          swscale.sws_scale(
              ready, frame.data(), frame.linesize(), 0, wanted.height(), planes, strides);
      if (rows != wanted.height()) {
        throw SegmentDamage.corrupt("converted %d of %d rows".formatted(rows, wanted.height()));
      }
    }
    return rgb;
  }

  private SwsContext open(Kind wanted) throws FrameDecodeException {
    release();
    int w = wanted.width();
    int h = wanted.height();
    SwsContext opened =
        swscale.sws_getContext(
            w,
            h,
            wanted.format(),
            w,
            h,
            avutil.AV_PIX_FMT_RGB24,
            FLAGS,
            null,
            null,
            (DoublePointer) null);
    if (opened == null || opened.isNull()) {
      throw SegmentDamage.corrupt("no conversion from pixel format " + wanted.format());
    }
    context = opened;
    kind = wanted;
    IntPointer matrix = swscale.sws_getCoefficients(wanted.matrix());
    swscale.sws_setColorspaceDetails(
        opened, matrix, wanted.fullRange() ? 1 : 0, matrix, 1, 0, ONE, ONE);
    rgb.create(h, w, opencv_core.CV_8UC3);
    planes.put(0, rgb.data());
    strides.put(0, (int) rgb.step());
    return opened;
  }

  private void release() {
    if (context != null) {
      swscale.sws_freeContext(context);
      context = null;
    }
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
    release();
    planes.close();
    strides.close();
    rgb.close();
  }
}

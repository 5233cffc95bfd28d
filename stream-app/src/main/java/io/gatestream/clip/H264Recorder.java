package io.gatestream.clip;

import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameRecorder;
import org.bytedeco.opencv.opencv_core.Mat;

/** Pictures to H.264 in an MP4 file that can be played while it comes. One thread. */
final class H264Recorder implements AutoCloseable {
  private static final double BITS_PER_PIXEL = 0.26;

  /** For OpenH264 no stream has more pictures a second, so it plans bits as for so many. */
  private static final int MOST_RATE = 60;

  private static final int KEYFRAME_EVERY = 60;

  private final FFmpegFrameRecorder recorder;
  private final int ticksPerSecond;
  private final int width;
  private final int height;
  private long last = -1;

  /** Opens a file for pictures of a size; its time base is a tick. */
  H264Recorder(String file, int width, int height, int ticksPerSecond)
      throws FrameRecorder.Exception {
    this.width = width;
    this.height = height;
    this.ticksPerSecond = ticksPerSecond;
    recorder = new FFmpegFrameRecorder(file, width, height);
    recorder.setFormat("mp4");
    recorder.setOption("movflags", "+faststart");
    recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
    recorder.setVideoCodecName("libopenh264");
    recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
    recorder.setFrameRate(ticksPerSecond);
    recorder.setVideoBitrate((int) (BITS_PER_PIXEL * MOST_RATE * width * height));
    recorder.setGopSize(KEYFRAME_EVERY);
    recorder.setVideoOption("allow_skip_frames", "0");
    // how swscale makes them; without a word players guess by the size
    recorder.setVideoOption("colorspace", "smpte170m");
    recorder.setVideoOption("color_range", "tv");
    try {
      recorder.start();
    } catch (FrameRecorder.Exception e) {
      recorder.release();
      throw e;
    }
  }

  /**
   * Adds a picture.
   *
   * @param rgb uint8 [height, width, 3] without padding; stays the caller's
   * @param micros from the clip's start
   */
  void add(Mat rgb, long micros) throws FrameRecorder.Exception {
    last = Math.max(last + 1, Math.round(micros * (double) ticksPerSecond / 1e6));
    recorder.setFrameNumber(Math.toIntExact(last));
    recorder.recordImage(
        width,
        height,
        Frame.DEPTH_UBYTE,
        3,
        3 * width,
        avutil.AV_PIX_FMT_RGB24,
        rgb.createBuffer());
  }

  /** Writes what is left, and closes. */
  @Override
  public void close() throws FrameRecorder.Exception {
    recorder.close();
  }
}

package io.gatestream.frame;

import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.opencv.global.opencv_core;

/**
 * Settings of the native libraries, which count for the whole process: one OpenCV thread (workers
 * already run side by side, and results must not depend on their number) and a silent FFmpeg (what
 * it has to say arrives as an error code).
 */
final class NativeSetup {
  static {
    opencv_core.setNumThreads(1);
    avutil.av_log_set_level(avutil.AV_LOG_QUIET);
  }

  private NativeSetup() {}

  /** Makes sure that the settings are made. */
  static void ensure() {}
}

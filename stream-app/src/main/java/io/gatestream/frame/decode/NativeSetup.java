package io.gatestream.frame.decode;

import io.gatestream.natives.NativeFailure;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/**
 * Settings of the native libraries, which count for the whole process: one OpenCV thread (workers
 * already run side by side, and results must not depend on their number), a silent FFmpeg (what it
 * has to say arrives as an error code), and no limits of JavaCPP's own.
 *
 * <p>JavaCPP reads the memory of the whole process at each allocation, and by default refuses any
 * above four times the Java heap: a model with large activations would end the application. What
 * decoders take is bounded by the limits of frames, {@code docs/memory.md} says by how much.
 */
public final class NativeSetup {
  private static final String[] LIMITS = {
    "org.bytedeco.javacpp.maxBytes", "org.bytedeco.javacpp.maxPhysicalBytes"
  };

  static {
    // before JavaCPP's classes read them; what the user has set stays
    for (String limit : LIMITS) {
      if (System.getProperty(limit) == null) {
        System.setProperty(limit, "0");
      }
    }
    opencv_core.setNumThreads(1);
    avutil.av_log_set_level(avutil.AV_LOG_QUIET);
  }

  private NativeSetup() {}

  /** Makes sure that the settings are made. */
  static void ensure() {}

  /**
   * Loads the libraries of all decoders.
   *
   * @throws io.gatestream.errors.OutageException they cannot be loaded; names the folder
   */
  public static void load() {
    try {
      ensure();
      for (Class<?> library :
          new Class<?>[] {
            opencv_core.class,
            opencv_imgproc.class,
            opencv_imgcodecs.class,
            avutil.class,
            avcodec.class,
            avformat.class,
            avfilter.class,
            swscale.class
          }) {
        Loader.load(library);
      }
    } catch (LinkageError e) {
      throw NativeFailure.of("OpenCV and FFmpeg", folder(), e);
    }
  }

  private static Path folder() {
    try {
      return Loader.getCacheDir().toPath();
    } catch (IOException | LinkageError e) {
      return Path.of(
          System.getProperty(
              "org.bytedeco.javacpp.cachedir", System.getProperty("java.io.tmpdir")));
    }
  }
}

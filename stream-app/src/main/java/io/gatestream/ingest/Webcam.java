package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avdevice.avdevice_register_all;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;

import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;

/** A camera at this machine, read through Video4Linux2. */
final class Webcam {
  static final String FORMAT = "video4linux2";

  private static final Pattern DEVICE = Pattern.compile("/dev/(?:video\\d+|v4l/.+)");

  private Webcam() {}

  /** Whether a path names one, such as {@code /dev/video0}. */
  static boolean is(String path) {
    return DEVICE.matcher(path).matches();
  }

  /**
   * FFmpeg's way to read one.
   *
   * @throws SourceException this FFmpeg has none
   */
  static AVInputFormat format(String device) throws SourceException {
    try {
      avdevice_register_all();
      AVInputFormat format = av_find_input_format(FORMAT);
      if (format != null && !format.isNull()) {
        return format;
      }
    } catch (LinkageError e) {
      // said below: the library, or one that it needs, is not there
    }
    throw new SourceException(
        device
            + ": webcams are not taken here, for this FFmpeg has no Video4Linux2; send it through a server,"
            + " such as ffmpeg -f v4l2 -i %s -f rtsp rtsp://localhost:8554/cam".formatted(device));
  }
}

package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;

/** Results of FFmpeg's functions: zero and above is good, below is an error code. */
final class FfmpegCall {
  private FfmpegCall() {}

  /**
   * Returns a good result.
   *
   * @param what begins the message, such as "video.mp4 does not open"
   * @throws SourceException the result is an error; the message ends with FFmpeg's own words
   */
  static int check(int result, String what) throws SourceException {
    if (result < 0) {
      throw new SourceException(what + ": " + words(result));
    }
    return result;
  }

  static String words(int error) {
    byte[] text = new byte[128];
    av_strerror(error, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }
}

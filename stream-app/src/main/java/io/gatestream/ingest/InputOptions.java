package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.time.Duration;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

/**
 * What FFmpeg may open, and how. FFmpeg opens what it is told to: a playlist may name any file of
 * the machine, so protocols and formats are an allow-list.
 */
final class InputOptions {
  static final Duration NETWORK_TIMEOUT = Duration.ofSeconds(10);

  private static final String FILE_FORMATS =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,flv,asf,ogg,h264,hevc,m4v,ivf,"
          + "mjpeg,gif,apng,mxf,dv,wav,nut,obu,av1,image2,jpeg_pipe,png_pipe,bmp_pipe,tiff_pipe,webp_pipe";
  private static final String URL_FORMATS =
      FILE_FORMATS + ",rtsp,sdp,rtp,hls,applehttp,live_flv,mpjpeg";
  private static final String WEBCAM_FORMATS = "video4linux2,v4l2";
  private static final String URL_PROTOCOLS =
      "rtsp,rtsps,rtp,srtp,udp,tcp,tls,rtmp,rtmps,rtmpt,srt,http,https,httpproxy,crypto";

  private InputOptions() {}

  /**
   * Options for a source; the caller frees them. Those that a protocol does not know are ignored.
   */
  static AVDictionary of(Location location) {
    AVDictionary options = new AVDictionary(null);
    if (location.webcam()) {
      av_dict_set(options, "format_whitelist", WEBCAM_FORMATS, 0);
      return options;
    }
    av_dict_set(options, "protocol_whitelist", location.url() ? URL_PROTOCOLS : "file", 0);
    av_dict_set(options, "format_whitelist", location.url() ? URL_FORMATS : FILE_FORMATS, 0);
    String micros = Long.toString(NETWORK_TIMEOUT.toNanos() / 1_000);
    switch (location.scheme()) {
      case "rtsp", "rtsps" -> {
        av_dict_set(options, "rtsp_transport", "tcp", 0);
        av_dict_set(options, "timeout", micros, 0);
      }
      case "http", "https" -> av_dict_set(options, "rw_timeout", micros, 0);
      case "tcp", "udp" -> av_dict_set(options, "timeout", micros, 0);
      default -> {}
    }
    return options;
  }
}

package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** Pictures encoded as H.264 with OpenH264, a keyframe at the start of each segment. */
final class EncodedPackets implements H264Packets {
  private static final AVRational MICROS = new AVRational().num(1).den(1_000_000);

  private final PictureSource pictures;
  private final int quality;
  private final long segmentMicros;
  private final AVPacket packet = av_packet_alloc();
  private final AVCodecParameters parameters = avcodec_parameters_alloc();
  private @Nullable AVCodecContext encoder;
  private SegmentLimits limits;
  private long keyframeMicros;
  private int framesSinceKey;
  private long bytesSinceKey;

  /**
   * Takes the pictures over.
   *
   * @param pictures in yuv420p with even sides
   * @param quality 1 to 100; sets bits per pixel
   * @param limits of a segment: a keyframe comes early enough to keep them
   */
  EncodedPackets(PictureSource pictures, int quality, long segmentMicros, SegmentLimits limits) {
    this.limits = limits;
    this.pictures = pictures;
    this.quality = quality;
    this.segmentMicros = segmentMicros;
  }

  @Override
  public @Nullable AVPacket next() throws SourceException {
    while (true) {
      av_packet_unref(packet);
      int result = encoder == null ? AVERROR_EAGAIN() : avcodec_receive_packet(encoder, packet);
      if (result == AVERROR_EOF) {
        return null;
      }
      if (result == 0) {
        boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
        bytesSinceKey = packet.size() + (key ? 0 : bytesSinceKey);
        return packet;
      }
      if (result != AVERROR_EAGAIN()) {
        FfmpegCall.check(result, "OpenH264");
      }
      Picture picture = pictures.next();
      if (picture == null && encoder == null) {
        return null;
      }
      send(picture);
    }
  }

  private void send(@Nullable Picture picture) throws SourceException {
    AVFrame frame = null;
    if (picture != null) {
      frame = picture.pixels();
      boolean first = encoder == null;
      if (encoder == null) {
        encoder = open(frame);
        limits = limits.ofSize(frame.width(), frame.height());
      }
      boolean key =
          first
              || picture.micros() - keyframeMicros >= segmentMicros
              || framesSinceKey >= limits.frames()
              || bytesSinceKey >= limits.bytes() / 3;
      framesSinceKey = key ? 1 : framesSinceKey + 1;
      frame.pict_type(key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE).pts(picture.micros());
      keyframeMicros = key ? picture.micros() : keyframeMicros;
    }
    FfmpegCall.check(avcodec_send_frame(encoder, frame), "OpenH264");
  }

  private AVCodecContext open(AVFrame first) throws SourceException {
    AVCodec codec = avcodec_find_encoder_by_name("libopenh264");
    if (codec == null || codec.isNull()) {
      throw new SourceException(
          "this FFmpeg has no libopenh264 to encode H.264 with: use --encoding jpeg");
    }
    double rate = pictures.rate().orElse(PictureSource.STANDARD_RATE);
    double bitsPerPixel = 0.02 + 0.0028 * quality;
    AVCodecContext context =
        avcodec_alloc_context3(codec)
            .width(first.width())
            .height(first.height())
            .pix_fmt(AV_PIX_FMT_YUV420P)
            .time_base(MICROS)
            .framerate(new AVRational().num((int) Math.round(rate * 1000)).den(1000))
            .bit_rate(Math.round(first.width() * first.height() * rate * bitsPerPixel))
            .gop_size(10_000)
            .max_b_frames(0)
            .colorspace(first.colorspace())
            .color_range(AVCOL_RANGE_MPEG)
            .thread_count(1);
    try {
      FfmpegCall.check(
          avcodec_open2(context, codec, (PointerPointer<?>) null),
          "OpenH264 does not take pictures of %dx%d".formatted(first.width(), first.height()));
      avcodec_parameters_from_context(parameters, context);
      return context;
    } catch (SourceException e) {
      avcodec_free_context(context);
      throw e;
    }
  }

  @Override
  public AVCodecParameters parameters() {
    return parameters;
  }

  @Override
  public AVRational timeBase() {
    return MICROS;
  }

  @Override
  public long micros(long ticks) {
    return ticks;
  }

  @Override
  public long endMicros() {
    return pictures.endMicros();
  }

  @Override
  public void close() {
    if (encoder != null) {
      avcodec_free_context(encoder);
      encoder = null;
    }
    avcodec_parameters_free(parameters);
    av_packet_free(packet);
    pictures.close();
  }
}

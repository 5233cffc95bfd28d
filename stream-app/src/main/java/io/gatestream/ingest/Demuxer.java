package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_NOTIMESTAMPS;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_network_init;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_display_rotation_get;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EINVAL;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a source's best video stream, in decoding order. Those of a live source carry the
 * times of its {@link LiveClock}.
 *
 * <p>For one thread. It owns FFmpeg's input; {@link #close} frees it.
 */
final class Demuxer implements CodedPackets {
  private static final AVRational MICROS = new AVRational().num(1).den(1_000_000);
  private static final int MOST_UNREADABLE = 1_000;

  private final Location location;
  private final Damage damage;
  private final @Nullable ReadWatch watch;
  private final AVFormatContext context;
  private final AVStream stream;
  private final AVPacket packet = av_packet_alloc();
  private final @Nullable LivePackets livePackets;
  private long startTicks;
  private long lastMicros;

  static {
    // FFmpeg's own lines would show passwords of URLs; errors come back as exceptions.
    av_log_set_level(AV_LOG_QUIET);
    avformat_network_init();
  }

  /** A source without a clock of its own, which ends at damage. */
  Demuxer(Location location, @Nullable ReadWatch watch) throws SourceException {
    this(location, watch, null, Damage.refused());
  }

  /**
   * Opens a source.
   *
   * @param watch ends reads that hang; empty for files. It stays the caller's.
   * @param clock gives a live source its times; null where none is expected
   * @param damage decides whether a file's damage ends it
   * @throws SourceException no such file, no video in it, an unknown format
   */
  Demuxer(Location location, @Nullable ReadWatch watch, @Nullable LiveClock clock, Damage damage)
      throws SourceException {
    this.location = location;
    this.watch = watch;
    this.damage = damage;
    context = avformat_alloc_context();
    if (watch != null) {
      watch.restart();
      watch.attach(context);
    }
    AVDictionary options = InputOptions.of(location);
    try {
      AVInputFormat format = location.webcam() ? Webcam.format(location.text()) : null;
      int opened = avformat_open_input(context, location.forFfmpeg(), format, options);
      if (opened == AVERROR_EINVAL() && !location.url()) {
        throw new SourceException(
            location
                + " is of a format that is not taken: convert it, such as with ffmpeg to .mp4");
      }
      if (opened < 0 && watch != null && watch.expired()) {
        throw new SourceException(location + " does not answer");
      }
      FfmpegCall.check(opened, location + " does not open");
      int known = avformat_find_stream_info(context, (PointerPointer<?>) null);
      FfmpegCall.check(known, location + " cannot be read");
      int best = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
      if (best < 0) {
        throw new SourceException(location + " has no video in it");
      }
      stream = context.streams(best);
      if (stream.codecpar().width() <= 0 && !still()) {
        throw new SourceException(location + " has a video without a picture size: damaged?");
      }
    } catch (SourceException e) {
      close();
      throw e;
    } finally {
      av_dict_free(options);
    }
    startTicks = live() ? stream.start_time() : fileStart();
    livePackets =
        clock != null && live()
            ? new LivePackets(this::readNext, stream, clock, stamped(), interval())
            : null;
  }

  private boolean stamped() {
    return (context.iformat().flags() & AVFMT_NOTIMESTAMPS) == 0;
  }

  private long interval() {
    return Math.round(1e6 / rate().orElse(PictureSource.STANDARD_RATE));
  }

  /** A player's clock starts with the file, which may be with its sound. */
  private long fileStart() {
    // each program of a transport stream has a clock of its own
    return context.nb_programs() > 1
            || context.start_time() == AV_NOPTS_VALUE
            || stream.start_time() == AV_NOPTS_VALUE
        ? stream.start_time()
        : av_rescale_q(context.start_time(), MICROS, stream.time_base());
  }

  /** How long after the file the video starts; not for cameras. */
  long offsetMicros() {
    return live() || startTicks == AV_NOPTS_VALUE
        ? 0
        : av_rescale_q(stream.start_time() - startTicks, stream.time_base(), MICROS);
  }

  /** Whether it is a single picture. */
  boolean still() {
    String format = String.valueOf(context.iformat().name().getString());
    return format.endsWith("_pipe") || format.equals("image2");
  }

  @Override
  public Location location() {
    return location;
  }

  @Override
  public AVCodecParameters parameters() {
    return stream.codecpar();
  }

  @Override
  public AVRational timeBase() {
    return livePackets == null ? stream.time_base() : MICROS;
  }

  @Override
  public @Nullable AVPacket read() throws SourceException {
    return livePackets == null ? readNext() : livePackets.read();
  }

  private @Nullable AVPacket readNext() throws SourceException {
    int unreadable = 0;
    while (true) {
      av_packet_unref(packet);
      if (watch != null) {
        watch.restart();
      }
      if (watch != null && watch.stopped()) {
        throw new SourceException(location + " sent packets, but no picture in them");
      }
      int result = av_read_frame(context, packet);
      if (result < 0 && watch != null && watch.expired()) {
        // some demuxers call an ended wait the end of the stream
        throw new SourceException(location + " sent nothing for too long");
      }
      if (result == AVERROR_EOF) {
        return null;
      }
      if (result == AVERROR_INVALIDDATA && !location.url()) {
        damage.found(location, lastMicros, "the container cannot be read there");
        if (++unreadable > MOST_UNREADABLE) {
          return null; // formats find their way again much sooner, or never
        }
        continue;
      }
      FfmpegCall.check(result, location + " is damaged or was cut off");
      if (packet.stream_index() == stream.index()) {
        lastMicros = packet.dts() == AV_NOPTS_VALUE ? lastMicros : micros(packet.dts());
        if (damage.strict() && !location.url() && (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
          damage.found(location, lastMicros, "a packet is incomplete");
        }
        return packet;
      }
    }
  }

  /**
   * Goes to the last keyframe at or before a time; formats that cannot seek stay where they are.
   */
  void seek(long micros) {
    long ticks = av_rescale_q(micros, MICROS, stream.time_base());
    long start = startTicks == AV_NOPTS_VALUE ? 0 : startTicks;
    av_seek_frame(context, stream.index(), start + ticks, AVSEEK_FLAG_BACKWARD);
  }

  /**
   * Microseconds since the stream's start; the first time asked for is the start if none is known.
   */
  @Override
  public long micros(long ticks) {
    if (livePackets != null) {
      return ticks;
    }
    if (startTicks == AV_NOPTS_VALUE) {
      startTicks = ticks;
    }
    return av_rescale_q(ticks - startTicks, stream.time_base(), MICROS);
  }

  /** Frames per second, on average. */
  @Override
  public OptionalDouble rate() {
    AVRational rate = stream.avg_frame_rate();
    return rate.num() > 0 && rate.den() > 0
        ? OptionalDouble.of((double) rate.num() / rate.den())
        : OptionalDouble.empty();
  }

  /** The length, where the container says one: files do, cameras do not. */
  OptionalLong lengthMicros() {
    return context.duration() == AV_NOPTS_VALUE || context.duration() <= 0
        ? OptionalLong.empty()
        : OptionalLong.of(context.duration());
  }

  @Override
  public boolean live() {
    return location.liveProtocol() || (location.url() && lengthMicros().isEmpty());
  }

  /** Degrees clockwise that the picture must be turned to stand upright: 0, 90, 180 or 270. */
  @Override
  public int rotation() {
    AVCodecParameters parameters = stream.codecpar();
    AVPacketSideData matrix =
        av_packet_side_data_get(
            parameters.coded_side_data(),
            parameters.nb_coded_side_data(),
            AV_PKT_DATA_DISPLAYMATRIX);
    return matrix == null || matrix.isNull() ? 0 : clockwise(new IntPointer(matrix.data()));
  }

  /** Degrees clockwise of a display matrix, to the nearest quarter. */
  static int clockwise(IntPointer matrix) {
    double counterClockwise = av_display_rotation_get(matrix);
    return Double.isNaN(counterClockwise)
        ? 0
        : Math.floorMod(-Math.round(counterClockwise / 90), 4) * 90;
  }

  @Override
  public void close() {
    if (livePackets != null) {
      livePackets.close();
    }
    av_packet_free(packet);
    avformat_close_input(context);
  }
}

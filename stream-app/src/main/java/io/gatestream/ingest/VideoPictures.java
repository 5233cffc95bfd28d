package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** The decoded pictures of a video. A damaged picture is left out: see {@link Damage}. */
final class VideoPictures implements PictureSource {
  private static final double RATE_IF_UNKNOWN = 25;
  private static final int MOST_INCOMPLETE = 100;

  private final CodedPackets demuxer;
  private final Damage damage;
  private final AVCodecContext decoder;
  private final AVFrame frame = av_frame_alloc();
  private final long interval;

  /** Times of pictures whose packets lack bytes: a decoder may guess the rest without a word. */
  private final Set<Long> incomplete = new HashSet<>();

  private long lastMicros = -1;
  private long endMicros;
  private boolean draining;

  /**
   * Opens the decoder and takes the demuxer over, also when it throws.
   *
   * @param threads that the decoder may use; results do not depend on them
   */
  VideoPictures(CodedPackets demuxer, int threads) throws SourceException {
    this(demuxer, threads, Damage.refused());
  }

  /** As above; {@code damage} decides whether a file's damage ends it. */
  VideoPictures(CodedPackets demuxer, int threads, Damage damage) throws SourceException {
    this.demuxer = demuxer;
    this.damage = damage;
    this.interval = Math.round(1e6 / demuxer.rate().orElse(RATE_IF_UNKNOWN));
    AVCodec codec = avcodec_find_decoder(demuxer.parameters().codec_id());
    decoder = avcodec_alloc_context3(codec);
    try {
      if (codec == null || codec.isNull()) {
        throw new SourceException(demuxer.location() + ": no decoder for its video codec");
      }
      avcodec_parameters_to_context(decoder, demuxer.parameters());
      decoder.pkt_timebase(demuxer.timeBase());
      decoder.thread_count(threads);
      FfmpegCall.check(
          avcodec_open2(decoder, codec, (PointerPointer<?>) null),
          demuxer.location() + ": its video codec does not open");
    } catch (SourceException e) {
      close();
      throw e;
    }
  }

  @Override
  public @Nullable Picture next() throws SourceException {
    while (true) {
      int result = avcodec_receive_frame(decoder, frame);
      if (result == AVERROR_EOF) {
        return null;
      }
      if (result == AVERROR_EAGAIN()) {
        feed();
      } else if (result < 0) {
        damage(FfmpegCall.words(result));
      } else if (incomplete.remove(frame.pts())) {
        damage("a packet is incomplete");
      } else if (frame.decode_error_flags() != 0
          || (frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0) {
        damage("a picture does not decode");
      } else {
        return new Picture(frame, time());
      }
    }
  }

  private void feed() throws SourceException {
    AVPacket packet = draining ? null : demuxer.read();
    draining = packet == null;
    if (packet != null && (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
      incomplete.add(packet.pts());
      if (incomplete.size() > MOST_INCOMPLETE) {
        incomplete.clear(); // pictures that never came out
      }
    }
    int result = avcodec_send_packet(decoder, packet);
    if (result < 0 && result != AVERROR_EOF) {
      damage(FfmpegCall.words(result));
    }
  }

  /** A recording may start in the middle of a group of pictures: no damage before the first. */
  private void damage(String words) throws SourceException {
    if (lastMicros < 0) {
      return;
    }
    if (demuxer.live()) {
      damage.passedOver();
    } else {
      damage.found(demuxer.location(), lastMicros, words);
    }
  }

  private long time() {
    long ticks = frame.best_effort_timestamp();
    long micros;
    if (ticks == AV_NOPTS_VALUE) {
      micros = lastMicros < 0 ? 0 : lastMicros + interval;
    } else {
      micros = Math.max(0, demuxer.micros(ticks));
    }
    // A frame's own length is honoured at the end only through the average rate.
    lastMicros = micros;
    endMicros = Math.max(endMicros, micros + interval);
    return micros;
  }

  @Override
  public long endMicros() {
    return endMicros;
  }

  @Override
  public OptionalDouble rate() {
    return demuxer.rate();
  }

  @Override
  public int rotation() {
    return demuxer.rotation();
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avcodec_free_context(decoder);
    demuxer.close();
  }
}

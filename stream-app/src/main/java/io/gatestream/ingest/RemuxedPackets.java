package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_FIELD_PROGRESSIVE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_FIELD_UNKNOWN;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_list_parse_str;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_send_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import org.bytedeco.ffmpeg.avcodec.AVBSFContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/** The packets of a source that is H.264 already, passed on without encoding them again. */
final class RemuxedPackets implements H264Packets {
  private final Demuxer demuxer;
  private final Damage damage;
  private final AVBSFContext filter = new AVBSFContext(null);
  private final AVPacket packet = av_packet_alloc();
  private long lastMicros;

  static boolean takes(Demuxer demuxer) {
    return demuxer.parameters().codec_id() == AV_CODEC_ID_H264;
  }

  /**
   * Takes the demuxer over, also when it throws.
   *
   * @throws SourceException interlaced: a packet may then hold half a picture
   */
  RemuxedPackets(Demuxer demuxer, Damage damage) throws SourceException {
    this.demuxer = demuxer;
    this.damage = damage;
    try {
      int order = demuxer.parameters().field_order();
      if (order != AV_FIELD_PROGRESSIVE && order != AV_FIELD_UNKNOWN) {
        throw new SourceException(
            demuxer.location()
                + " is interlaced H.264, which cannot be passed on: use --encoding jpeg");
      }
      // The second filter acts where the first finds Annex B and parameter sets outside the stream.
      FfmpegCall.check(
          av_bsf_list_parse_str("h264_mp4toannexb,dump_extra=freq=keyframe", filter),
          "H.264 bitstream filter");
      avcodec_parameters_copy(filter.par_in(), demuxer.parameters());
      filter.time_base_in(demuxer.timeBase());
      FfmpegCall.check(av_bsf_init(filter), demuxer.location() + ": H.264 bitstream filter");
    } catch (SourceException e) {
      close();
      throw e;
    }
  }

  @Override
  public @Nullable AVPacket next() throws SourceException {
    while (true) {
      av_packet_unref(packet);
      int result = av_bsf_receive_packet(filter, packet);
      if (result == AVERROR_EOF) {
        return null;
      }
      if (result == AVERROR_EAGAIN()) {
        AVPacket input = demuxer.read();
        if (av_bsf_send_packet(filter, input) < 0) {
          unreadable();
        }
        continue;
      }
      if (result < 0) {
        unreadable();
        continue;
      }
      check();
      return packet;
    }
  }

  private void check() throws SourceException {
    if ((packet.flags() & AV_PKT_FLAG_DISCARD) != 0) {
      throw new SourceException(
          demuxer.location()
              + " hides pictures by an edit list, which segments cannot keep: use --encoding jpeg");
    }
    if ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
      found("a packet is incomplete");
    }
    lastMicros = packet.dts() == AV_NOPTS_VALUE ? lastMicros : micros(packet.dts());
  }

  private void unreadable() throws SourceException {
    found("a packet is no H.264");
  }

  private void found(String words) throws SourceException {
    if (demuxer.live()) {
      damage.passedOver();
    } else {
      damage.found(demuxer.location(), lastMicros, words);
    }
  }

  @Override
  public AVCodecParameters parameters() {
    return filter.par_out();
  }

  @Override
  public AVRational timeBase() {
    return filter.time_base_out();
  }

  @Override
  public long micros(long ticks) {
    return demuxer.micros(ticks);
  }

  @Override
  public long endMicros() {
    return lastMicros;
  }

  @Override
  public void close() {
    av_packet_free(packet);
    av_bsf_free(filter);
    demuxer.close();
  }
}

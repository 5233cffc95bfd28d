package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_close_dyn_buf;
import static org.bytedeco.ffmpeg.global.avformat.avio_open_dyn_buf;
import static org.bytedeco.ffmpeg.global.avutil.av_free;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Collects the packets of one segment and writes them as MPEG-TS into memory, then starts over.
 * Times in a segment count from its own start, so they never wrap. It owns copies of the packets.
 */
final class SegmentMuxer implements AutoCloseable {
  private final List<AVPacket> packets = new ArrayList<>();

  /** Keeps a reference to the packet's data; the packet itself stays the caller's. */
  void add(AVPacket packet) {
    packets.add(av_packet_clone(packet));
  }

  boolean isEmpty() {
    return packets.isEmpty();
  }

  int pictures() {
    return packets.size();
  }

  /** The first presentation time in ticks: that of the keyframe which the segment starts with. */
  long firstPts() {
    return packets.get(0).pts();
  }

  /** Writes and forgets what was collected. */
  ByteBuffer finish(AVCodecParameters parameters, AVRational timeBase) throws SourceException {
    AVFormatContext context = new AVFormatContext(null);
    FfmpegCall.check(
        avformat_alloc_output_context2(context, (AVOutputFormat) null, "mpegts", null), "MPEG-TS");
    try (PointerPointer<AVIOContext> opened = new PointerPointer<>(1);
        PointerPointer<BytePointer> written = new PointerPointer<>(1)) {
      FfmpegCall.check(avio_open_dyn_buf(opened), "memory for MPEG-TS");
      AVIOContext io = opened.get(AVIOContext.class);
      context.pb(io);
      SourceException failure = null;
      try {
        write(context, parameters, timeBase);
      } catch (SourceException e) {
        failure = e;
      }
      int size = avio_close_dyn_buf(io, written);
      BytePointer bytes = written.get(BytePointer.class);
      byte[] copy = new byte[size];
      bytes.get(copy);
      av_free(bytes);
      if (failure != null) {
        throw failure;
      }
      return ByteBuffer.wrap(copy);
    } finally {
      avformat_free_context(context);
      close();
    }
  }

  private void write(AVFormatContext context, AVCodecParameters parameters, AVRational timeBase)
      throws SourceException {
    AVStream stream = avformat_new_stream(context, (AVCodec) null);
    avcodec_parameters_copy(stream.codecpar(), parameters);
    stream.codecpar().codec_tag(0);
    stream.time_base(timeBase);
    FfmpegCall.check(avformat_write_header(context, (PointerPointer<?>) null), "MPEG-TS header");
    long start = packets.get(0).dts();
    for (AVPacket packet : packets) {
      packet.pts(packet.pts() - start).dts(packet.dts() - start).stream_index(0).pos(-1);
      av_packet_rescale_ts(packet, timeBase, stream.time_base());
      FfmpegCall.check(av_write_frame(context, packet), "MPEG-TS packet");
    }
    FfmpegCall.check(av_write_trailer(context), "MPEG-TS end");
  }

  @Override
  public void close() {
    packets.forEach(packet -> av_packet_free(packet));
    packets.clear();
  }
}

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
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
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
  /** Of MPEG-TS: a packet of it, and what it carries. */
  private static final int TS_PACKET = 188;

  private static final int TS_PAYLOAD = 184;

  private List<AVPacket> packets = new ArrayList<>();
  private long bytes;
  private int cut;

  /** Keeps a reference to the packet's data; the packet itself stays the caller's. */
  void add(AVPacket packet) {
    packets.add(av_packet_clone(packet));
    bytes += size(packet);
  }

  /** The next packet to come starts a group of pictures, so the segment may end before it. */
  void mayCut() {
    cut = packets.size();
  }

  /** Whether a group of pictures is complete. */
  boolean hasCut() {
    return cut > 0;
  }

  /** At least the bytes that it will have as MPEG-TS, tables included. */
  long bytes() {
    return bytes;
  }

  private static long size(AVPacket packet) {
    return (packet.size() + 64L + TS_PAYLOAD) / TS_PAYLOAD * TS_PACKET + 2L * TS_PACKET;
  }

  /** Hands its packets over to the caller, who frees them, and starts over. */
  List<AVPacket> release() {
    List<AVPacket> released = packets;
    packets = new ArrayList<>();
    bytes = 0;
    cut = 0;
    return released;
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

  /** Writes and forgets the groups of pictures that are complete; the last one stays. */
  ByteBuffer finishToCut(AVCodecParameters parameters, AVRational timeBase) throws SourceException {
    List<AVPacket> rest = new ArrayList<>(packets.subList(cut, packets.size()));
    packets.subList(cut, packets.size()).clear();
    try {
      return finish(parameters, timeBase);
    } finally {
      packets.addAll(rest);
      rest.forEach(packet -> bytes += size(packet));
    }
  }

  /** How many {@link #finishToCut} would write. */
  int picturesToCut() {
    return cut;
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
    long[] pts = packets.stream().mapToLong(AVPacket::pts).toArray();
    long[] dts = packets.stream().mapToLong(AVPacket::dts).toArray();
    if (!DecodingTimes.good(pts, dts, AV_NOPTS_VALUE)) {
      dts = DecodingTimes.of(pts);
    }
    for (int i = 0; i < pts.length; i++) {
      AVPacket packet = packets.get(i);
      packet.pts(pts[i] - dts[0]).dts(dts[i] - dts[0]).stream_index(0).pos(-1);
      av_packet_rescale_ts(packet, timeBase, stream.time_base());
      FfmpegCall.check(av_write_frame(context, packet), "MPEG-TS packet");
    }
    FfmpegCall.check(av_write_trailer(context), "MPEG-TS end");
  }

  @Override
  public void close() {
    packets.forEach(packet -> av_packet_free(packet));
    packets.clear();
    bytes = 0;
    cut = 0;
  }
}

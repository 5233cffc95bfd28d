package io.gatestream.clip;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.gatestream.frame.decode.CheckedSegment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;

/**
 * Packets of H.264 to an MP4 file that can be played while it comes, as they are. Owns FFmpeg's
 * output; one thread.
 */
final class PacketMuxer implements AutoCloseable {
  /** Frames a second, where a clip is one. */
  private static final int STANDARD_RATE = 25;

  private final AVFormatContext context = new AVFormatContext(null);
  private final AVRational tick;
  private final AVStream stream;
  private boolean open;

  /** Opens a file for segments such as {@code first}, with times in ticks. */
  PacketMuxer(String file, CheckedSegment first, int ticksPerSecond) throws IOException {
    tick = new AVRational().num(1).den(ticksPerSecond);
    check(avformat_alloc_output_context2(context, (AVOutputFormat) null, "mp4", file));
    try {
      stream = avformat_new_stream(context, (AVCodec) null);
      stream.time_base(tick);
      describe(first);
      AVIOContext io = new AVIOContext(null);
      check(avio_open(io, file, AVIO_FLAG_WRITE));
      context.pb(io);
      open = true;
      writeHeader();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void describe(CheckedSegment segment) {
    byte[] sets = segment.parameterSets();
    BytePointer extra =
        new BytePointer(av_mallocz(sets.length + (long) AV_INPUT_BUFFER_PADDING_SIZE));
    extra.put(sets, 0, sets.length);
    stream
        .codecpar()
        .codec_type(AVMEDIA_TYPE_VIDEO)
        .codec_id(AV_CODEC_ID_H264)
        .width(segment.width())
        .height(segment.height())
        .extradata(extra)
        .extradata_size(sets.length);
  }

  private void writeHeader() throws IOException {
    AVDictionary options = new AVDictionary(null);
    av_dict_set(options, "movflags", "+faststart", 0);
    try {
      check(avformat_write_header(context, options));
    } finally {
      av_dict_free(options);
    }
  }

  /** Adds the packets of a segment, which stay the caller's, but for their times. */
  void add(List<AVPacket> packets, SegmentClock.Times times) throws IOException {
    for (int i = 0; i < packets.size(); i++) {
      AVPacket packet =
          packets
              .get(i)
              .pts(scaled(times.shown().get(i)))
              .dts(scaled(times.decoded().get(i)))
              .duration(scaled(duration(times.decoded(), i)))
              .stream_index(0)
              .pos(-1);
      check(av_write_frame(context, packet));
    }
  }

  /** To the next one. The last one counts too: a player leaves out what lasts no time. */
  private long duration(List<Long> decoded, int at) {
    int from = Math.min(at, decoded.size() - 2);
    return from < 0 ? tick.den() / STANDARD_RATE : decoded.get(from + 1) - decoded.get(from);
  }

  private long scaled(long ticks) {
    return av_rescale_q(ticks, tick, stream.time_base());
  }

  /** Writes the end of the file. */
  void finish() throws IOException {
    check(av_write_trailer(context));
    open = false;
    check(avio_closep(context.pb()));
  }

  private static void check(int result) throws IOException {
    if (result < 0) {
      byte[] text = new byte[128];
      av_strerror(result, text, text.length);
      int length = 0;
      while (length < text.length && text[length] != 0) {
        length++;
      }
      throw new IOException(new String(text, 0, length, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      avio_closep(context.pb());
    }
    avformat_free_context(context);
  }
}

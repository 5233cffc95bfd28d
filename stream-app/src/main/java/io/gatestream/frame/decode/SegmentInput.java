package io.gatestream.frame.decode;

import static io.gatestream.frame.decode.SegmentDamage.corrupt;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The H.264 packets of one segment in memory. The container is told by its first bytes, MPEG-TS or
 * MP4, and never probed; FFmpeg gets no way to open or read anything else. Owns native memory; one
 * thread; call within a PointerScope.
 */
final class SegmentInput implements AutoCloseable {
  private static final int PADDING = 64;
  private static final Set<String> MP4_BOXES = Set.of("ftyp", "styp", "moov", "sidx");

  private final AVIOContext memory;
  private final AVFormatContext format;
  private final AVStream stream;

  /** Video and what may lie beside it; FFmpeg makes an object of some KB for each. */
  private static final String MAX_STREAMS = "32";

  /**
   * Opens a segment.
   *
   * @throws FrameDecodeException CORRUPT, UNKNOWN_ENCODING, or TOO_LARGE by what it claims
   */
  SegmentInput(ByteBuffer payload, FrameLimits limits, H264Work work) throws FrameDecodeException {
    String name = container(payload);
    AVInputFormat container = avformat.av_find_input_format(name);
    boolean mp4 = name.equals("mov");
    ByteBuffer segment = mp4 ? Mp4Boxes.of(payload, limits) : payload;
    if (!mp4) {
      work.stream(segment);
    }
    this.memory = memory(segment);
    this.format = avformat.avformat_alloc_context();
    format.pb(memory);
    if (mp4) {
      // its packets are whole and have their times, so nobody need parse what has not been counted
      format.flags(
          format.flags()
              | AVFormatContext.AVFMT_FLAG_NOPARSE
              | AVFormatContext.AVFMT_FLAG_NOFILLIN);
    }
    AVDictionary options = new AVDictionary(null);
    avutil.av_dict_set(options, "protocol_whitelist", "none", 0);
    avutil.av_dict_set(options, "format_whitelist", "mpegts,mov,mp4,m4a,3gp,3g2,mj2", 0);
    avutil.av_dict_set(options, "codec_whitelist", "h264", 0);
    avutil.av_dict_set(options, "ignore_editlist", "1", 0);
    avutil.av_dict_set(options, "max_streams", MAX_STREAMS, 0);
    int opened = avformat.avformat_open_input(format, (String) null, container, options);
    avutil.av_dict_free(options);
    if (opened < 0) {
      // the format context is freed by the failed call
      free(memory);
      throw corrupt("the container does not open");
    }
    try {
      this.stream = video(format);
    } catch (FrameDecodeException e) {
      close();
      throw e;
    }
  }

  AVStream stream() {
    return stream;
  }

  /** Bytes of the length before each NAL unit of a packet; 0 where start codes are between them. */
  int lengthBytes() {
    BytePointer parameters = stream.codecpar().extradata();
    boolean lengths = stream.codecpar().extradata_size() > 4 && parameters.get(0) == 1;
    return lengths ? (parameters.get(4) & 3) + 1 : 0;
  }

  /**
   * Reads the next packet of the video.
   *
   * @return false at the end
   */
  boolean read(AVPacket packet) throws FrameDecodeException {
    while (true) {
      int read = avformat.av_read_frame(format, packet);
      if (read == avutil.AVERROR_EOF()) {
        return false;
      }
      if (read < 0) {
        throw corrupt("the container is damaged");
      }
      if (packet.stream_index() == stream.index()) {
        if ((packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0) {
          throw corrupt("a damaged packet");
        }
        return true;
      }
      avcodec.av_packet_unref(packet);
    }
  }

  private static String container(ByteBuffer payload) throws FrameDecodeException {
    int start = payload.position();
    if (payload.remaining() > 188
        && payload.get(start) == 0x47
        && payload.get(start + 188) == 0x47) {
      return "mpegts";
    }
    if (payload.remaining() > 8) {
      byte[] box = new byte[4];
      payload.get(start + 4, box);
      if (MP4_BOXES.contains(new String(box, StandardCharsets.US_ASCII))) {
        return "mov";
      }
    }
    throw corrupt("neither MPEG-TS nor MP4");
  }

  /** A context whose buffer is the whole payload and which cannot read on. */
  private static AVIOContext memory(ByteBuffer payload) {
    int size = payload.remaining();
    Pointer block = avutil.av_mallocz(size + (long) PADDING);
    BytePointer bytes = new BytePointer(block);
    bytes.put(payload.array(), payload.arrayOffset() + payload.position(), size);
    AVIOContext context = avformat.avio_alloc_context(bytes, size, 0, null, null, null, null);
    context.buf_end(new BytePointer(block).position(size));
    return context;
  }

  private static AVStream video(AVFormatContext format) throws FrameDecodeException {
    AVStream found = null;
    for (int i = 0; i < format.nb_streams(); i++) {
      AVStream candidate = format.streams(i);
      if (candidate.codecpar().codec_type() == avutil.AVMEDIA_TYPE_VIDEO) {
        if (found != null) {
          throw corrupt("two video streams");
        }
        found = candidate;
      }
    }
    if (found == null) {
      throw corrupt("no video stream");
    }
    if (found.codecpar().codec_id() != avcodec.AV_CODEC_ID_H264) {
      throw new FrameDecodeException(
          Reason.UNKNOWN_ENCODING, "segment of another codec than H.264");
    }
    return found;
  }

  private static void free(AVIOContext memory) {
    // the demuxer may have put another buffer in place of ours
    avutil.av_free(memory.buffer());
    avformat.avio_context_free(new PointerPointer<AVIOContext>(1).put(memory));
  }

  @Override
  public void close() {
    avformat.avformat_close_input(format);
    free(memory);
  }
}

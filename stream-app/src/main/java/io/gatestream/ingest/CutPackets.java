package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a group of pictures that grew too long, then all that follow: for a decoder, so
 * that none is lost.
 */
final class CutPackets implements CodedPackets {
  private final Demuxer demuxer;
  private final H264Packets packets;
  private final Deque<AVPacket> first;
  private @Nullable AVPacket current;

  /**
   * Takes packets and source over.
   *
   * @param demuxer below {@code packets}, which closes it
   * @param first those that were read already
   */
  CutPackets(Demuxer demuxer, H264Packets packets, List<AVPacket> first) {
    this.demuxer = demuxer;
    this.packets = packets;
    this.first = new ArrayDeque<>(first);
  }

  @Override
  public @Nullable AVPacket read() throws SourceException {
    free();
    current = first.poll();
    AVPacket next = current == null ? packets.next() : current;
    if (next != null) {
      // counted where it was read; whether it decodes is seen by the decoder
      next.flags(next.flags() & ~AV_PKT_FLAG_CORRUPT);
    }
    return next;
  }

  private void free() {
    if (current != null) {
      av_packet_unref(current);
      av_packet_free(current);
      current = null;
    }
  }

  @Override
  public AVCodecParameters parameters() {
    return packets.parameters();
  }

  @Override
  public AVRational timeBase() {
    return packets.timeBase();
  }

  @Override
  public long micros(long ticks) {
    return packets.micros(ticks);
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
  public Location location() {
    return demuxer.location();
  }

  @Override
  public boolean live() {
    return demuxer.live();
  }

  @Override
  public void close() {
    free();
    first.forEach(packet -> av_packet_free(packet));
    first.clear();
    packets.close();
  }
}

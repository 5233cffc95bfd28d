package io.gatestream.frame.decode;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;

/** A whole segment of H.264: its packets, and what a container has to know of them. One thread. */
public final class CheckedSegment implements AutoCloseable {
  private final int width;
  private final int height;
  private final byte[] parameterSets;
  private final long[] times;
  private final List<AVPacket> packets;

  /** Takes the packets over. */
  CheckedSegment(
      int width, int height, byte[] parameterSets, List<Long> times, List<AVPacket> packets) {
    this.width = width;
    this.height = height;
    this.parameterSets = parameterSets;
    this.times = times.stream().mapToLong(Long::longValue).toArray();
    this.packets = packets;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** A copy of its parameter sets, as FFmpeg has them beside a stream. */
  public byte[] parameterSets() {
    return parameterSets.clone();
  }

  /** When its pictures are shown, in that order: a copy, microseconds after the first. */
  public long[] times() {
    return times.clone();
  }

  /** In decoding order; they stay this object's. Their times are microseconds. */
  public List<AVPacket> packets() {
    return List.copyOf(packets);
  }

  /** Whether one container can hold both without encoding one of them again. */
  public boolean goesOn(CheckedSegment before) {
    return width == before.width
        && height == before.height
        && Arrays.equals(parameterSets, before.parameterSets);
  }

  /** Whether each packet is a picture with a time of its own. */
  public boolean isPlain() {
    return parameterSets.length > 0
        && packets.size() == times.length
        && packets.stream().mapToLong(AVPacket::pts).distinct().count() == times.length;
  }

  static void free(List<AVPacket> packets) {
    packets.forEach(packet -> avcodec.av_packet_free(packet));
    packets.clear();
  }

  @Override
  public void close() {
    free(packets);
  }
}

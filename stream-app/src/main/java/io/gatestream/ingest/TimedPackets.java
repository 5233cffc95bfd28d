package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/**
 * Packets that all have a presentation time, where there is a way to know it. A file's run forward,
 * by the rule of {@link SourceTimeline}.
 *
 * <p>Where pictures come in the order in which they are shown, one without a time follows the one
 * before it by that one's length, and those at the very start (RTSP cameras send them before the
 * clock is known) precede the first that has one. Where pictures are reordered, a missing time
 * cannot be told from its neighbours: such a packet keeps none.
 */
final class TimedPackets implements H264Packets {
  private static final AVRational MICROS = new AVRational().num(1).den(1_000_000);
  private static final int MOST_WAITING = 250;

  private final H264Packets packets;
  private final boolean reordered;
  private final long interval;
  private final @Nullable SourceTimeline timeline;
  private final Deque<AVPacket> waiting = new ArrayDeque<>();
  private @Nullable AVPacket current;
  private boolean timed;
  private boolean begun;
  private boolean drained;
  private long nextPts;
  private long earliest;
  private long endMicros;

  /**
   * Takes the packets over.
   *
   * @param intervalMicros between pictures, where a packet does not say
   * @param timeline of a file; null for a camera
   */
  TimedPackets(H264Packets packets, long intervalMicros, @Nullable SourceTimeline timeline) {
    this.packets = packets;
    this.reordered = packets.parameters().video_delay() > 0;
    this.interval =
        Math.max(1, av_rescale_q(Math.max(1, intervalMicros), MICROS, packets.timeBase()));
    this.timeline = timeline;
  }

  @Override
  public @Nullable AVPacket next() throws SourceException {
    if (current != null) {
      av_packet_free(current);
    }
    current = take();
    if (current != null && current.pts() != AV_NOPTS_VALUE) {
      endMicros = Math.max(endMicros, micros(current.pts() + length(current)));
    }
    return current;
  }

  private @Nullable AVPacket take() throws SourceException {
    while (waiting.isEmpty() || (!timed && !drained && waiting.size() < MOST_WAITING)) {
      AVPacket read = drained ? null : packets.next();
      if (read == null) {
        drained = true;
        if (waiting.isEmpty()) {
          return null;
        }
        break;
      }
      AVPacket packet = av_packet_clone(read);
      waiting.add(packet);
      if (packet.pts() == AV_NOPTS_VALUE && !reordered) {
        packet.pts(packet.dts());
      }
      timed |= reordered || packet.pts() != AV_NOPTS_VALUE;
    }
    if (!reordered) {
      number();
    }
    timed = true;
    begun = true;
    place(waiting.element());
    return waiting.poll();
  }

  /** Gives times to all that wait, from the first that has one, or from zero. */
  private void number() {
    AVPacket newest = waiting.getLast();
    if (!timed || newest.pts() == AV_NOPTS_VALUE) {
      for (AVPacket packet : waiting) {
        if (packet.pts() == AV_NOPTS_VALUE) {
          packet.pts(nextPts).dts(nextPts);
        }
        nextPts = packet.pts() + length(packet);
      }
      return;
    }
    long pts = newest.pts();
    nextPts = pts + length(newest);
    AVPacket[] before = waiting.toArray(AVPacket[]::new);
    for (int i = before.length - 2; i >= 0; i--) {
      if (before[i].pts() == AV_NOPTS_VALUE) {
        before[i].pts(pts - length(before[i])).dts(pts - length(before[i]));
      }
      pts = before[i].pts();
    }
    if (!begun) {
      earliest = Math.min(0, packets.micros(pts));
    }
  }

  private long length(AVPacket packet) {
    return packet.duration() > 0 ? packet.duration() : interval;
  }

  /** By decoding time, which runs forward also where pictures are reordered. */
  private void place(AVPacket packet) throws SourceException {
    long ticks = packet.dts() != AV_NOPTS_VALUE || reordered ? packet.dts() : packet.pts();
    if (timeline == null || ticks == AV_NOPTS_VALUE) {
      return;
    }
    long micros = packets.micros(ticks);
    long placed = timeline.place(micros, timeline.asksForNext(micros) ? peek(micros) : micros);
    if (placed != micros) {
      long shift = av_rescale_q(placed - micros, MICROS, packets.timeBase());
      packet.dts(ticks + shift);
      if (packet.pts() != AV_NOPTS_VALUE) {
        packet.pts(packet.pts() + shift);
      }
    }
  }

  /** The time of the packet after the one at the head, which is read where need be. */
  private long peek(long none) throws SourceException {
    if (waiting.size() == 1 && !drained) {
      AVPacket read = packets.next();
      if (read == null) {
        drained = true;
      } else {
        AVPacket packet = av_packet_clone(read);
        waiting.add(packet);
        if (packet.pts() == AV_NOPTS_VALUE && !reordered) {
          packet.pts(packet.dts());
        }
        if (!reordered) {
          number();
        }
      }
    }
    if (waiting.size() == 1) {
      return none;
    }
    AVPacket second = waiting.stream().skip(1).findFirst().orElseThrow();
    long ticks = second.dts() != AV_NOPTS_VALUE || reordered ? second.dts() : second.pts();
    return ticks == AV_NOPTS_VALUE ? none : packets.micros(ticks);
  }

  @Override
  public AVCodecParameters parameters() {
    return packets.parameters();
  }

  @Override
  public AVRational timeBase() {
    return packets.timeBase();
  }

  /** From the first picture on, also where that one got its time from those behind it. */
  @Override
  public long micros(long ticks) {
    return packets.micros(ticks) - earliest;
  }

  @Override
  public long endMicros() {
    return endMicros;
  }

  @Override
  public void close() {
    if (current != null) {
      av_packet_free(current);
      current = null;
    }
    waiting.forEach(packet -> av_packet_free(packet));
    waiting.clear();
    packets.close();
  }
}

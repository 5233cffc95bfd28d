package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a live source with times of its clock in place of the camera's stamps, so that
 * decoder, filters, encoder and segments all go by that clock.
 *
 * <p>A packet's arrival is taken as it leaves FFmpeg, before it is decoded. For one thread; it owns
 * the packets that it holds.
 */
final class LivePackets implements AutoCloseable {
  static final AVRational MICROS = new AVRational().num(1).den(1_000_000);

  private static final int MOST_HELD = 3_000;
  private static final long MOST_HELD_BYTES = 64L << 20;
  private static final long LARGEST_REORDERING = 1_000_000;

  /** Where the packets come from. */
  interface Source {
    @Nullable AVPacket read() throws SourceException;
  }

  private final Source source;
  private final AVStream stream;
  private final LiveClock clock;
  private final boolean stamped;
  private final Queue<AVPacket> ready = new ArrayDeque<>();
  private final List<AVPacket> held = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private @Nullable AVPacket given;
  private @Nullable SourceException failure;
  private long reordering;
  private boolean ended;

  /**
   * Begins a connection.
   *
   * @param stamped whether the format carries stamps; FFmpeg makes some up where it does not
   */
  LivePackets(
      Source source, AVStream stream, LiveClock clock, boolean stamped, long intervalMicros) {
    this.source = source;
    this.stream = stream;
    this.clock = clock;
    this.stamped = stamped;
    int bits = stream.pts_wrap_bits();
    long wrap = bits > 0 && bits < 60 ? av_rescale_q(1L << bits, stream.time_base(), MICROS) : 0;
    clock.connect(stamped, intervalMicros, wrap);
  }

  /** The next packet, valid until the next call, or null at the end. */
  @Nullable AVPacket read() throws SourceException {
    if (given != null) {
      av_packet_free(given);
      given = null;
    }
    if (ready.isEmpty()) {
      collect();
      release();
    }
    given = ready.poll();
    if (given == null && failure != null) {
      throw failure;
    }
    return given;
  }

  /** Reads until the clock can time what was read; what came before a failure is still given. */
  private void collect() {
    long bytes = 0;
    while (!ended) {
      try {
        AVPacket packet = source.read();
        if (packet == null) {
          ended = true;
          return;
        }
        arrivals.add(new Arrival(clock.now(), stamp(packet)));
        held.add(av_packet_clone(packet));
        bytes += packet.size();
      } catch (SourceException e) {
        failure = e;
        ended = true;
        return;
      }
      if (held.size() >= MOST_HELD || bytes > MOST_HELD_BYTES || !clock.wantsMore(arrivals)) {
        return;
      }
    }
  }

  private OptionalLong stamp(AVPacket packet) {
    boolean inOrder = stream.codecpar().video_delay() == 0;
    long ticks = packet.dts() == AV_NOPTS_VALUE && inOrder ? packet.pts() : packet.dts();
    return !stamped || ticks == AV_NOPTS_VALUE
        ? OptionalLong.empty()
        : OptionalLong.of(av_rescale_q(ticks, stream.time_base(), MICROS));
  }

  private void release() {
    long[] times = clock.times(arrivals);
    for (int i = 0; i < times.length; i++) {
      AVPacket packet = held.get(i);
      boolean order = stamped || stream.codecpar().video_delay() == 0;
      packet.pts(order ? times[i] + reordering(packet) : AV_NOPTS_VALUE).dts(times[i]);
      packet.duration(av_rescale_q(packet.duration(), stream.time_base(), MICROS));
      ready.add(packet);
    }
    held.clear();
    arrivals.clear();
  }

  /** How much later than decoded a picture is shown, where B-frames are about. */
  private long reordering(AVPacket packet) {
    if (!stamped || stream.codecpar().video_delay() == 0) {
      return 0;
    }
    if (packet.pts() != AV_NOPTS_VALUE && packet.dts() != AV_NOPTS_VALUE) {
      long later = av_rescale_q(packet.pts() - packet.dts(), stream.time_base(), MICROS);
      if (later >= 0 && later <= LARGEST_REORDERING) {
        reordering = Math.round(later * clock.pace());
      }
    }
    return reordering;
  }

  @Override
  public void close() {
    if (given != null) {
      av_packet_free(given);
      given = null;
    }
    ready.forEach(packet -> av_packet_free(packet));
    ready.clear();
    held.forEach(packet -> av_packet_free(packet));
    held.clear();
  }
}

package io.gatestream.clip;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.CheckedSegment;
import io.gatestream.frame.decode.SegmentPackets;
import io.gatestream.schema.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.jspecify.annotations.Nullable;

/**
 * A clip of H.264 segments that are passed on as they are: all of one stream of H.264, cut at their
 * borders. Owns native memory; one thread.
 */
final class SegmentClip implements ClipWriter {
  private final SegmentPackets packets = new SegmentPackets(FrameLimits.DEFAULT);
  private final ClipTally tally;
  private final Path file;
  private final ClipSpan span;
  private final SegmentClock clock;
  private @Nullable PacketMuxer muxer;
  private @Nullable CheckedSegment first;

  SegmentClip(Path file, ClipSpan span, ClipTally tally) {
    this.file = file;
    this.span = span;
    this.tally = tally;
    this.clock = new SegmentClock(ClipTally.ticksPerSecond(span));
  }

  /** No for a segment of other parameters, and for one whose packets are no pictures. */
  @Override
  public boolean add(Frame frame) {
    long captured = Micros.of(frame.getCaptureTime());
    try (CheckedSegment segment = packets.read(frame)) {
      long[] times = segment.times();
      long last = captured + times[times.length - 1];
      if (last < Micros.of(span.from())) {
        return true; // it ends before the span
      }
      if (!segment.isPlain() || (first != null && !segment.goesOn(first))) {
        return false;
      }
      long start = captured - tally.firstOr(captured);
      long[] shown = segment.packets().stream().mapToLong(AVPacket::pts).toArray();
      Optional<SegmentClock.Times> placed = clock.place(start, shown);
      if (placed.isEmpty()) {
        return false;
      }
      open(segment).add(segment.packets(), placed.get());
      tally.add(times.length, captured, last);
    } catch (FrameDecodeException e) {
      tally.damaged(frame.getFrameCount(), captured, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Mp4File.cannotWrite(file, e);
    }
    return true;
  }

  private PacketMuxer open(CheckedSegment segment) throws IOException {
    PacketMuxer open = muxer;
    if (open == null) {
      first = segment;
      tally.size(segment.width(), segment.height());
      open = new PacketMuxer(file.toString(), segment, ClipTally.ticksPerSecond(span));
      muxer = open;
    }
    return open;
  }

  @Override
  public void finish() {
    PacketMuxer open = muxer;
    if (open != null) {
      try {
        open.finish();
      } catch (IOException e) {
        throw Mp4File.cannotWrite(file, e);
      }
    }
  }

  @Override
  public void close() {
    packets.close();
    if (muxer != null) {
      muxer.close();
      muxer = null;
    }
  }
}

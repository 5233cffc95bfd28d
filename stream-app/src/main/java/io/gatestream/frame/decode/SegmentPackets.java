package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.PointerScope;

/**
 * The packets of H.264 segments as they are, for whoever passes them on without encoding them
 * again. A segment is decoded once, so that only whole ones come out. Owns native memory; one
 * thread.
 */
public final class SegmentPackets implements AutoCloseable {
  private static final AVRational MICROS = new AVRational().num(1).den(1_000_000);

  private final FrameLimits limits;
  private final SegmentDecoder decoder;

  public SegmentPackets(FrameLimits limits) {
    NativeSetup.ensure();
    this.limits = limits;
    this.decoder = new SegmentDecoder(limits);
  }

  /**
   * Reads a segment.
   *
   * @return its packets, which the caller closes
   * @throws FrameDecodeException it is damaged, or beyond the limits
   */
  @SuppressWarnings("try") // the scope frees what is made within it
  public CheckedSegment read(Frame frame) throws FrameDecodeException {
    ByteBuffer payload = SourcePictures.onHeap(frame.getPayload().duplicate());
    int count = frame.getFrameCount();
    List<Long> times = new ArrayList<>();
    SegmentDecoder.Size size =
        decoder.decode(payload.duplicate(), count, (index, time, picture) -> times.add(time));
    List<AVPacket> packets = new ArrayList<>();
    try (PointerScope scope = new PointerScope();
        SegmentInput input = new SegmentInput(payload, limits, new H264Work(limits, count))) {
      collect(input, packets);
      return new CheckedSegment(
          size.width(), size.height(), ParameterSets.of(input.stream(), packets), times, packets);
    } catch (FrameDecodeException | RuntimeException e) {
      CheckedSegment.free(packets);
      throw e;
    }
  }

  private static void collect(SegmentInput input, List<AVPacket> packets)
      throws FrameDecodeException {
    AVStream stream = input.stream();
    AVPacket packet = avcodec.av_packet_alloc();
    try {
      while (input.read(packet)) {
        AVPacket kept = avcodec.av_packet_clone(packet);
        avcodec.av_packet_rescale_ts(kept, stream.time_base(), MICROS);
        packets.add(kept);
        avcodec.av_packet_unref(packet);
      }
    } finally {
      avcodec.av_packet_free(packet);
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}

package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;

import io.gatestream.schema.Encoding;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * H.264 packets cut into self-contained MPEG-TS segments.
 *
 * <p>Cuts lie at IDR pictures only: nothing before such a picture is referred to after it, and
 * nothing after it is shown before it. Pictures before the first one cannot be kept; a keyframe of
 * an open group is no place to cut. Trimming therefore goes by whole groups of pictures.
 */
final class SegmentPayloads implements PayloadSource {
  private static final int IDR_SLICE = 5;

  private final H264Packets packets;
  private final long segmentMicros;
  private final long fromMicros;
  private final long toMicros;
  private final Consumer<String> warnings;
  private final SegmentMuxer muxer = new SegmentMuxer();
  private long keyframesSkipped;
  private long skipped;
  private boolean started;
  private boolean ended;

  /** Takes the packets over; the first segment begins at the first cut at or after the start. */
  SegmentPayloads(
      H264Packets packets,
      long segmentMicros,
      long fromMicros,
      long toMicros,
      Consumer<String> warnings) {
    this.packets = packets;
    this.segmentMicros = segmentMicros;
    this.fromMicros = fromMicros;
    this.toMicros = toMicros;
    this.warnings = warnings;
  }

  @Override
  public @Nullable Payload next() throws SourceException {
    while (!ended) {
      AVPacket packet = packets.next();
      if (packet == null) {
        ended = true;
        return muxer.isEmpty() ? nothing() : flush();
      }
      Payload done = add(packet);
      if (done != null) {
        return done;
      }
    }
    return null;
  }

  private @Nullable Payload nothing() throws SourceException {
    if (!started && skipped > 0 && fromMicros == 0) {
      throw new SourceException(
          "no closed keyframe (IDR) in %d H.264 pictures, so no place to cut: use --encoding jpeg"
              .formatted(skipped));
    }
    return null;
  }

  private @Nullable Payload add(AVPacket packet) throws SourceException {
    long micros = packets.micros(packet.pts());
    boolean idr = (packet.flags() & AV_PKT_FLAG_KEY) != 0 && holdsIdr(packet);
    Payload done = null;
    if (idr && micros >= toMicros) {
      ended = true;
      return muxer.isEmpty() ? null : flush();
    }
    if (!started) {
      started = idr && micros >= fromMicros;
      if (!started) {
        skipped += micros >= fromMicros ? 1 : 0;
        return null;
      }
      if (skipped > 0) {
        warnings.accept(
            "%d pictures before the first closed keyframe cannot be kept".formatted(skipped));
      }
    } else if (idr && micros - packets.micros(muxer.firstPts()) >= segmentMicros) {
      done = flush();
    } else if ((packet.flags() & AV_PKT_FLAG_KEY) != 0 && !idr && keyframesSkipped++ == 0) {
      warnings.accept("has open groups of pictures: cut at closed keyframes (IDR) only");
    }
    muxer.add(packet);
    return done;
  }

  private Payload flush() throws SourceException {
    int frames = muxer.pictures();
    long micros = Math.max(0, packets.micros(muxer.firstPts()));
    return new Payload(
        Encoding.H264_SEGMENT,
        muxer.finish(packets.parameters(), packets.timeBase()),
        frames,
        micros);
  }

  /** Whether an Annex B packet holds a slice of an IDR picture. */
  private static boolean holdsIdr(AVPacket packet) {
    byte[] bytes = new byte[packet.size()];
    try (BytePointer data = new BytePointer(packet.data())) {
      data.get(bytes);
    }
    for (int i = 0; i + 3 < bytes.length; i++) {
      if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) {
        int type = bytes[i + 3] & 0x1f;
        if (type == IDR_SLICE) {
          return true;
        }
        if (type >= 1 && type < IDR_SLICE) {
          return false;
        }
      }
    }
    return false;
  }

  @Override
  public long endMicros() {
    return Math.min(packets.endMicros(), toMicros);
  }

  @Override
  public void close() {
    muxer.close();
    packets.close();
  }
}

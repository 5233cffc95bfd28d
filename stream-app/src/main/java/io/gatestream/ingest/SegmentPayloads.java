package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.gatestream.schema.Encoding;
import java.nio.ByteBuffer;
import java.util.List;
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
 *
 * <p>A segment is bounded. Where one group of pictures is longer than the bound, it cannot be cut:
 * it and all that follows is encoded anew.
 */
final class SegmentPayloads implements PayloadSource {
  private static final int IDR_SLICE = 5;

  /** Goes on with pictures in place of packets. */
  interface Reencoder {
    /**
     * Takes over what was read already, the first a keyframe or none, and the packets.
     *
     * @throws SourceException the video does not decode, or cannot be encoded
     */
    PayloadSource encode(List<AVPacket> first, H264Packets packets) throws SourceException;
  }

  private final H264Packets packets;
  private final Span span;
  private SegmentLimits limits;
  private final Reencoder reencoder;
  private final Damage damage;
  private final Consumer<String> warnings;
  private final SegmentMuxer muxer = new SegmentMuxer();
  private @Nullable PayloadSource encoded;
  private long keyframesSkipped;
  private long skipped;
  private long waitedFrom = Long.MIN_VALUE;
  private boolean started;
  private boolean broken;
  private boolean ended;

  /**
   * What part of the source, in segments of which length.
   *
   * @param segmentMicros a segment ends at the first cut at least this far from its start
   */
  record Span(long segmentMicros, long fromMicros, long toMicros) {}

  /** Takes the packets over; the first segment begins at the first cut at or after the start. */
  SegmentPayloads(
      H264Packets packets,
      Span span,
      SegmentLimits limits,
      Reencoder reencoder,
      Damage damage,
      Consumer<String> warnings) {
    this.packets = packets;
    this.span = span;
    this.limits = limits;
    this.reencoder = reencoder;
    this.damage = damage;
    this.warnings = warnings;
  }

  @Override
  public @Nullable Payload next() throws SourceException {
    while (!ended && encoded == null) {
      AVPacket packet = packets.next();
      if (packet == null && !started && !muxer.isEmpty()) {
        encodeAnew("have no closed keyframe (IDR) with a time");
        break;
      }
      if (packet == null) {
        ended = true;
        return muxer.isEmpty() ? nothing() : flush();
      }
      Payload done = add(packet);
      if (done != null) {
        return done;
      }
    }
    return encoded == null ? null : encoded.next();
  }

  private @Nullable Payload nothing() throws SourceException {
    if (!started && skipped > 0 && span.fromMicros() == 0) {
      throw new SourceException(
          "no closed keyframe (IDR) in %d H.264 pictures, so no place to cut: use --encoding jpeg"
              .formatted(skipped));
    }
    return null;
  }

  private @Nullable Payload add(AVPacket packet) throws SourceException {
    limits = limits.ofSize(packets.parameters().width(), packets.parameters().height());
    boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    if (packet.pts() == AV_NOPTS_VALUE || (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
      return interrupt(packet, key);
    }
    long micros = packets.micros(packet.pts());
    boolean idr = key && holdsIdr(packet);
    if (idr && micros >= span.toMicros()) {
      ended = true;
      return muxer.isEmpty() || !started ? null : flush();
    }
    if (broken && !idr) {
      damage.passedOver();
      return null;
    }
    broken = false;
    if (!started) {
      beforeFirstCut(packet, micros, key, idr);
      return null;
    }
    Payload done = null;
    if (idr && !muxer.isEmpty()) {
      if (micros - packets.micros(muxer.firstPts()) >= span.segmentMicros()) {
        done = flush();
      } else {
        muxer.mayCut();
      }
    } else if (key && !idr && keyframesSkipped++ == 0) {
      warnings.accept("has open groups of pictures: cut at closed keyframes (IDR) only");
    }
    muxer.add(packet);
    return done == null && exceeded(micros) ? tooLong() : done;
  }

  /** Left out, as is all that refers to it; what came before is whole. */
  private @Nullable Payload interrupt(AVPacket packet, boolean key) throws SourceException {
    boolean timeless = packet.pts() == AV_NOPTS_VALUE;
    if (!started) {
      collect(packet, key);
      int waiting = (int) Math.min(Integer.MAX_VALUE, skipped + muxer.pictures());
      if (limits.exceeded(waiting, muxer.bytes(), 0)) {
        encodeAnew(timeless ? "have no times" : "are incomplete");
      }
      return null;
    }
    if (timeless) {
      damage.passedOver(); // an incomplete one is counted where it was read
    }
    broken = true;
    return muxer.isEmpty() ? null : flush();
  }

  /** For a decoder, should no cut come; it can begin with any keyframe. */
  private void collect(AVPacket packet, boolean key) {
    if (key || !muxer.isEmpty()) {
      muxer.add(packet);
    } else {
      skipped++;
    }
  }

  private void beforeFirstCut(AVPacket packet, long micros, boolean key, boolean idr)
      throws SourceException {
    if (micros < span.fromMicros()) {
      return;
    }
    if (idr) {
      skipped += muxer.pictures();
      muxer.close();
      started = true;
      muxer.add(packet);
      if (skipped > 0) {
        warnings.accept(
            "%d pictures before the first closed keyframe cannot be kept".formatted(skipped));
      }
      return;
    }
    waitedFrom = waitedFrom == Long.MIN_VALUE ? micros : waitedFrom;
    collect(packet, key);
    if (limits.exceeded(
        (int) Math.min(Integer.MAX_VALUE, skipped + muxer.pictures()),
        muxer.bytes(),
        micros - waitedFrom)) {
      encodeAnew("have no closed keyframe (IDR)");
    }
  }

  private boolean exceeded(long micros) {
    return limits.exceeded(
        muxer.pictures(), muxer.bytes(), micros - packets.micros(muxer.firstPts()));
  }

  private @Nullable Payload tooLong() throws SourceException {
    if (!muxer.hasCut()) {
      encodeAnew(
          "are longer than " + limits.words(muxer.pictures(), muxer.bytes()) + " without a cut");
      return null;
    }
    int frames = muxer.picturesToCut();
    long micros = firstMicros();
    return payload(muxer.finishToCut(packets.parameters(), packets.timeBase()), frames, micros);
  }

  private void encodeAnew(String why) throws SourceException {
    warnings.accept(
        ("groups of pictures %s, so they cannot be passed on as they are: encoded with OpenH264 from here."
                + " Set a shorter keyframe interval at the camera, or use --encoding jpeg")
            .formatted(why));
    encoded = reencoder.encode(muxer.release(), packets);
  }

  private Payload flush() throws SourceException {
    int frames = muxer.pictures();
    long micros = firstMicros();
    return payload(muxer.finish(packets.parameters(), packets.timeBase()), frames, micros);
  }

  private long firstMicros() {
    return Math.max(0, packets.micros(muxer.firstPts()));
  }

  private static Payload payload(ByteBuffer bytes, int frames, long micros) {
    return new Payload(Encoding.H264_SEGMENT, bytes, frames, micros);
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
    return encoded == null ? Math.min(packets.endMicros(), span.toMicros()) : encoded.endMicros();
  }

  @Override
  public void close() {
    muxer.close();
    if (encoded == null) {
      packets.close();
    } else {
      encoded.close();
    }
  }
}

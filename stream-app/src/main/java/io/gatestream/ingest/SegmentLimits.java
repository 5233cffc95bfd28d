package io.gatestream.ingest;

import io.gatestream.frame.FrameLimits;

/**
 * What one segment may be at most.
 *
 * @param frames as many as {@code run} takes of one record
 * @param bytes as many as the topic takes of one record
 * @param micros from its first picture to its last, for a camera's labels must not come too late
 */
record SegmentLimits(int frames, long bytes, long micros) {
  /** What a record has besides the segment: key, header, the frame's other fields. */
  private static final int RECORD_BYTES = 4_096;

  /** A camera's segment is no longer than this, or than was asked for. */
  static final long LIVE_MICROS = 30_000_000;

  static SegmentLimits of(IngestSettings settings, boolean live) {
    IngestSettings.Limits limits = settings.limits();
    long asked = Math.round(settings.pictures().segmentSeconds() * 1e6);
    return new SegmentLimits(
        limits.segmentFrames(),
        Math.max(1, limits.recordBytes() - RECORD_BYTES),
        live ? Math.max(LIVE_MICROS, asked) : Long.MAX_VALUE);
  }

  /** The same for pictures of a size, of which {@code run} takes fewer where they are large. */
  SegmentLimits ofSize(int width, int height) {
    long most = FrameLimits.DEFAULT.maxWork() / Math.max(1, (long) width * height);
    return new SegmentLimits((int) Math.max(1, Math.min(frames, most)), bytes, micros);
  }

  /** Names the limit that is exceeded. */
  String words(int frames, long bytes) {
    if (frames > this.frames) {
      return "%d frames (--max-segment-frames, and what run takes of this size)"
          .formatted(this.frames);
    }
    return bytes > this.bytes
        ? "the %d bytes that the topic takes".formatted(this.bytes)
        : "%d s".formatted(micros / 1_000_000);
  }

  boolean exceeded(int frames, long bytes, long micros) {
    return frames > this.frames || bytes > this.bytes || micros > this.micros;
  }
}

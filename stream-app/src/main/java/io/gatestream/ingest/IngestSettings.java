package io.gatestream.ingest;

import io.gatestream.errors.ConfigException;
import io.gatestream.frame.FrameLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What {@link Ingest} does with its sources.
 *
 * @param parallel files read at once; every URL has a thread of its own besides
 */
public record IngestSettings(
    Pictures pictures, Timing timing, Live live, Limits limits, int parallel) {
  public static final IngestSettings DEFAULT =
      new IngestSettings(Pictures.DEFAULT, Timing.DEFAULT, Live.DEFAULT, Limits.DEFAULT, 16);

  public IngestSettings {
    if (parallel < 1 || parallel > 256) {
      throw new ConfigException("parallel is %d: give 1 to 256".formatted(parallel));
    }
  }

  public IngestSettings with(Pictures other) {
    return new IngestSettings(other, timing, live, limits, parallel);
  }

  public IngestSettings with(Timing other) {
    return new IngestSettings(pictures, other, live, limits, parallel);
  }

  public IngestSettings with(Live other) {
    return new IngestSettings(pictures, timing, other, limits, parallel);
  }

  public IngestSettings with(Limits other) {
    return new IngestSettings(pictures, timing, live, other, parallel);
  }

  /**
   * What a source may be, and a record.
   *
   * @param strict whether the first damage of a file ends it
   * @param segmentFrames frames in one segment, as many as {@code run} takes
   * @param recordBytes of one record, as many as the topic takes
   */
  public record Limits(boolean strict, int segmentFrames, long recordBytes) {
    public static final Limits DEFAULT =
        new Limits(false, FrameLimits.DEFAULT.maxSegmentFrames(), 16 << 20);

    public Limits {
      if (segmentFrames < 1) {
        throw new ConfigException(
            "max-segment-frames is %d: give 1 or more".formatted(segmentFrames));
      }
      if (recordBytes < 1) {
        throw new IllegalArgumentException("record bytes %d".formatted(recordBytes));
      }
    }
  }

  /** How a record carries pictures. */
  public enum Encoding {
    /** One JPEG a frame. */
    JPEG,
    /** Self-contained MPEG-TS segments of many frames. */
    H264
  }

  /**
   * The pictures.
   *
   * @param quality 1 to 100, of JPEG and of H.264 where it must be encoded
   * @param size stretched to this; the source's size where empty
   * @param rate frames per second at most; the source's where empty. For images: their rate.
   * @param segmentSeconds a segment ends at the first closed keyframe at least this far from its
   *     start
   */
  public record Pictures(
      Encoding encoding,
      int quality,
      Optional<PictureSize> size,
      OptionalDouble rate,
      double segmentSeconds) {
    public static final Pictures DEFAULT =
        new Pictures(Encoding.JPEG, 85, Optional.empty(), OptionalDouble.empty(), 2);

    public Pictures {
      if (quality < 1 || quality > 100) {
        throw new ConfigException("quality is %d: give 1 to 100".formatted(quality));
      }
      if (rate.isPresent() && !(rate.getAsDouble() > 0 && rate.getAsDouble() <= 1_000)) {
        throw new ConfigException("fps is %s: give above 0 to 1000".formatted(rate.getAsDouble()));
      }
      if (!(segmentSeconds > 0 && segmentSeconds <= 60)) {
        throw new ConfigException(
            "segment-seconds is %s: give above 0 to 60".formatted(segmentSeconds));
      }
    }
  }

  /**
   * Which part of a source, and at what time.
   *
   * @param realtime paced by presentation time in place of full speed
   * @param start capture time of a file's start. Where empty, files end now; paced ones start now.
   * @param loops times that a file is played; 0 for ever
   * @param toSeconds end of the part, excluded; the source's end where empty
   * @param maxFrames frames of each stream at most
   */
  public record Timing(
      boolean realtime,
      Optional<Instant> start,
      int loops,
      double fromSeconds,
      OptionalDouble toSeconds,
      OptionalLong maxFrames) {
    public static final Timing DEFAULT =
        new Timing(false, Optional.empty(), 1, 0, OptionalDouble.empty(), OptionalLong.empty());

    public Timing {
      if (loops < 0) {
        throw new ConfigException("loop is %d: give 0 for ever, or more".formatted(loops));
      }
      if (loops == 0 && !realtime && maxFrames.isEmpty()) {
        throw new ConfigException(
            "loop 0 at full speed never ends and runs into the future: add --realtime or --max-frames");
      }
      if (!(fromSeconds >= 0)) {
        throw new ConfigException("from is %s: give 0 or more".formatted(fromSeconds));
      }
      if (toSeconds.isPresent() && !(toSeconds.getAsDouble() > fromSeconds)) {
        throw new ConfigException(
            "to is %s: give more than from, %s".formatted(toSeconds.getAsDouble(), fromSeconds));
      }
      if (maxFrames.isPresent() && maxFrames.getAsLong() < 1) {
        throw new ConfigException(
            "max-frames is %d: give 1 or more".formatted(maxFrames.getAsLong()));
      }
    }

    long fromMicros() {
      return Math.round(fromSeconds * 1e6);
    }

    long toMicros() {
      return toSeconds.isPresent() ? Math.round(toSeconds.getAsDouble() * 1e6) : Long.MAX_VALUE;
    }
  }

  /**
   * Cameras.
   *
   * @param queue records held for a Kafka slower than the camera; more are dropped and counted
   * @param silence how long a camera may send nothing before it is connected anew
   * @param backoff wait before the first new connection; doubles up to 30 s
   * @param firstConnect how long a URL that was never reached is tried, for a typing error is to be
   *     seen; zero for ever. One that was reached once is tried for as long as the run lasts.
   */
  public record Live(int queue, Duration silence, Duration backoff, Duration firstConnect) {
    public static final Live DEFAULT =
        new Live(128, Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofSeconds(60));

    public Live {
      if (queue < 1) {
        throw new ConfigException("live queue is %d: give 1 or more".formatted(queue));
      }
      if (firstConnect.isNegative()) {
        throw new ConfigException(
            "connect-timeout is %d: give 0 for ever, or more".formatted(firstConnect.toSeconds()));
      }
    }
  }
}

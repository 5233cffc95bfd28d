package io.gatestream.bench;

import io.gatestream.errors.ConfigException;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.decode.ReducedScale;
import io.gatestream.ingest.DeliveryException;
import io.gatestream.ingest.FrameSink;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.PictureSize;
import io.gatestream.ingest.VideoSource;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The pictures that are sent over and over, as JPEG in memory. Immutable. */
public final class BenchFrames {
  /** Of one source, evenly from its first seconds. */
  private static final int EACH = 48;

  private static final int MOST = 512;
  private static final int QUALITY = 85;
  private static final int LOOKED_AT = 16;

  private final List<byte[]> jpegs;

  private BenchFrames(List<byte[]> jpegs) {
    this.jpegs = List.copyOf(jpegs);
  }

  /**
   * Reads the first frames of each source, as {@code ingest} would send them.
   *
   * @param size stretched to this; their own where empty
   * @throws ConfigException a source cannot be read
   */
  public static BenchFrames load(List<VideoSource> sources, Optional<PictureSize> size)
      throws InterruptedException {
    IngestSettings.Timing standard = IngestSettings.Timing.DEFAULT;
    IngestSettings settings =
        IngestSettings.DEFAULT
            .with(
                new IngestSettings.Pictures(
                    IngestSettings.Encoding.JPEG, QUALITY, size, OptionalDouble.empty(), 2))
            .with(
                new IngestSettings.Timing(
                    false,
                    standard.start(),
                    1,
                    0,
                    OptionalDouble.empty(),
                    OptionalLong.of(sources.size() == 1 ? MOST : EACH)));
    Collected collected = new Collected();
    IngestReport report;
    try (Ingest ingest =
        new Ingest(settings, sources, collected, InstantSource.system(), IngestListener.NONE)) {
      report = ingest.run();
    }
    List<String> problems =
        report.sources().stream().flatMap(source -> source.failure().stream()).toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new BenchFrames(collected.interleaved());
  }

  /** Frames without a picture, which nothing decodes. */
  static BenchFrames none() {
    return new BenchFrames(List.of(new byte[] {1}));
  }

  /** The picture of frame n. The array itself: nobody changes it. */
  byte[] jpeg(long n) {
    return jpegs.get((int) (n % jpegs.size()));
  }

  /**
   * What the sides of the first pictures, one of each of up to 16 sources, are divided by when they
   * are decoded.
   */
  SortedSet<Integer> divisors(InputSpec input, FrameLimits limits) {
    SortedSet<Integer> found = new TreeSet<>();
    for (byte[] jpeg : jpegs.subList(0, Math.min(LOOKED_AT, jpegs.size()))) {
      try {
        found.add(ReducedScale.of(input, ByteBuffer.wrap(jpeg), limits));
      } catch (FrameDecodeException e) {
        throw new ConfigException("--frames has a picture that does not decode: " + e.getMessage());
      }
    }
    return found;
  }

  int count() {
    return jpegs.size();
  }

  double meanBytes() {
    return jpegs.stream().mapToInt(jpeg -> jpeg.length).average().orElseThrow();
  }

  /** Keeps payloads by stream. */
  private static final class Collected implements FrameSink {
    private final Map<String, List<byte[]>> streams = new TreeMap<>(Comparator.naturalOrder());

    @Override
    public synchronized void send(Frame frame) throws DeliveryException {
      ByteBuffer payload = frame.getPayload().duplicate();
      byte[] jpeg = new byte[payload.remaining()];
      payload.get(jpeg);
      streams.computeIfAbsent(frame.getStreamId(), id -> new ArrayList<>()).add(jpeg);
    }

    @Override
    public void flush(String streamId) {}

    /** One of each stream in turn, the same whichever thread was faster. */
    synchronized List<byte[]> interleaved() {
      List<byte[]> all = new ArrayList<>();
      for (int i = 0; all.size() < MOST; i++) {
        int before = all.size();
        for (List<byte[]> stream : streams.values()) {
          if (i < stream.size() && all.size() < MOST) {
            all.add(stream.get(i));
          }
        }
        if (all.size() == before) {
          break;
        }
      }
      if (all.isEmpty()) {
        throw new ConfigException("--frames has no picture: give a video or JPEG files");
      }
      return all;
    }
  }
}

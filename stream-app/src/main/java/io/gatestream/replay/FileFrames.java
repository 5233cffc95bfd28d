package io.gatestream.replay;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.KafkaFrameSink;
import io.gatestream.ingest.SaidWarnings;
import io.gatestream.ingest.SourceFinder;
import io.gatestream.ingest.VideoSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * Video files as frames for a replay, as {@code ingest} sends them, but with times and session that
 * do not depend on the clock. {@link #stop} is for any thread.
 */
public final class FileFrames {
  /** Capture time of every file's start where none is given. */
  public static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  private static final long BUFFER_BYTES = 64L << 20;

  private final List<VideoSource> sources;
  private final Instant start;
  private final KafkaAccess access;
  private final FrameLimits limits;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Optional<Ingest> running = Optional.empty();

  /**
   * Finds the files.
   *
   * @throws ConfigException there are none, or a URL is among them
   */
  public FileFrames(List<String> locations, Instant start, KafkaAccess access, FrameLimits limits) {
    List<String> urls = locations.stream().filter(text -> text.contains("://")).toList();
    if (!urls.isEmpty()) {
      throw new ConfigException(
          "--videos takes files, and a stream from elsewhere is not the same twice: ingest it to a topic, and replay that");
    }
    this.sources = SourceFinder.find(locations, Optional.empty(), "");
    this.start = start;
    this.access = access;
    this.limits = limits;
  }

  /**
   * Sends all frames: the same ones each time, in the same order within each stream.
   *
   * @param topic new and empty
   * @return whether all were sent; false where it was asked to stop
   * @throws OutageException a source failed
   */
  boolean send(String topic) throws InterruptedException {
    IngestSettings.Timing standard = IngestSettings.Timing.DEFAULT;
    IngestSettings settings =
        IngestSettings.DEFAULT.with(
            new IngestSettings.Timing(
                false,
                Optional.of(start),
                standard.loops(),
                standard.fromSeconds(),
                OptionalDouble.empty(),
                OptionalLong.empty()));
    try (KafkaFrameSink sink =
            KafkaFrameSink.open(access, new AvroFrameCodec(limits), topic, BUFFER_BYTES);
        Ingest ingest =
            new Ingest(settings, sources, sink, InstantSource.fixed(start), new SaidWarnings())) {
      begin(ingest);
      IngestReport report = ingest.run();
      if (report.failed()) {
        throw new OutageException(
            report.sources().stream()
                .flatMap(
                    source ->
                        source.failure().stream()
                            .map(reason -> source.streamId() + " failed: " + reason))
                .collect(Collectors.joining("\n")));
      }
      return stopped.getCount() > 0;
    }
  }

  private synchronized void begin(Ingest ingest) {
    running = Optional.of(ingest);
    if (stopped.getCount() == 0) {
      ingest.stop();
    }
  }

  public synchronized void stop() {
    stopped.countDown();
    running.ifPresent(Ingest::stop);
  }

  /** In words, equal for equal frames. */
  String describe() {
    return "files at %s: %s"
        .formatted(
            start, sources.stream().map(VideoSource::toString).collect(Collectors.joining(", ")));
  }
}

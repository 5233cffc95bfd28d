package io.gatestream.play;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.Topics;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.ingest.FrameSink;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.KafkaFrameSink;
import io.gatestream.ingest.SaidWarnings;
import io.gatestream.ingest.VideoSource;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends videos on a thread of its own, which ends with them or when this is closed. */
final class VideoFeed implements AutoCloseable {
  private static final long BUFFER_BYTES = 32L << 20;

  private final KafkaFrameSink sink;
  private final Ingest run;
  private final Thread thread;
  private volatile @Nullable IngestReport report;
  private volatile @Nullable RuntimeException failure;

  private VideoFeed(KafkaFrameSink sink, Ingest run) {
    this.sink = sink;
    this.run = run;
    this.thread = new Thread(this::send, "video-ingest");
  }

  /**
   * Begins to send.
   *
   * @param pacing puts something before the sink
   */
  static VideoFeed start(
      KafkaAccess access,
      List<VideoSource> sources,
      IngestSettings settings,
      UnaryOperator<FrameSink> pacing) {
    KafkaFrameSink sink =
        KafkaFrameSink.open(
            access, new AvroFrameCodec(FrameLimits.DEFAULT), Topics.DEFAULT.frames(), BUFFER_BYTES);
    Ingest run =
        new Ingest(
            settings, sources, pacing.apply(sink), InstantSource.system(), new SaidWarnings());
    VideoFeed feed = new VideoFeed(sink, run);
    feed.thread.start();
    return feed;
  }

  private void send() {
    try {
      report = run.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /**
   * Whether every frame has been sent and acknowledged.
   *
   * @throws OutageException a source failed
   */
  boolean finished() {
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    IngestReport ended = report;
    if (ended != null && ended.failed()) {
      throw new OutageException(
          ended.sources().stream()
              .flatMap(source -> source.failure().stream())
              .collect(Collectors.joining("\n")));
    }
    return ended != null;
  }

  @Override
  public void close() {
    run.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sink.close();
  }
}

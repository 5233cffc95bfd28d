package io.gatestream.play;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.Home;
import io.gatestream.config.KafkaAccess;
import io.gatestream.config.RunConfig;
import io.gatestream.config.Topics;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestReport;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.KafkaFrameSink;
import io.gatestream.ingest.VideoSource;
import io.gatestream.kafka.GroupProgress;
import io.gatestream.stream.GatestreamApp;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A session's real parts: embedded broker, application and ingest, all in this process. */
public final class VideoParts implements VideoSession.Parts {
  private static final long BUFFER_BYTES = 32L << 20;

  private final List<VideoSource> sources;
  private final IngestSettings ingest;
  private final Map<String, String> settings;

  /**
   * Creates the parts.
   *
   * @param settings of the application, by their names in a file
   */
  public VideoParts(
      List<VideoSource> sources, IngestSettings ingest, Map<String, String> settings) {
    this.sources = sources;
    this.ingest = ingest;
    this.settings = settings;
  }

  @Override
  public VideoSession.Broker broker(Path folder) {
    EmbeddedBroker broker = OwnBroker.start(0, folder);
    return new VideoSession.Broker() {
      @Override
      public String bootstrapServers() {
        return broker.bootstrapServers();
      }

      @Override
      public void close() {
        broker.close();
      }
    };
  }

  @Override
  public VideoSession.Application application(KafkaAccess access, Path folder) {
    Map<String, String> flags = new java.util.HashMap<>(settings);
    flags.put("bootstrap.servers", access.bootstrapServers());
    flags.put("state.dir", folder.toString());
    flags.put("create.topics", "true");
    flags.put("partitions", "4");
    flags.putIfAbsent("calibrate", "false"); // a few clips are done before it pays
    RunConfig config =
        RunConfig.from(
            ConfigLoader.load(Optional.empty(), Map.of(), flags), Home.bundle("object-motion"));
    GatestreamApp app = GatestreamApp.open(config);
    GroupProgress progress =
        new GroupProgress(access, config.applicationId(), config.topics().frames());
    app.start();
    return new VideoSession.Application() {
      @Override
      public Optional<String> failure() {
        return app.failure().map(failure -> String.valueOf(failure.getMessage()));
      }

      @Override
      public boolean caughtUp() {
        return progress.caughtUp();
      }

      @Override
      public void close() {
        try (progress) {
          app.close();
        }
      }
    };
  }

  @Override
  public VideoSession.Feed feed(KafkaAccess access, VideoSession.SentListener listener) {
    return new IngestFeed(access, listener);
  }

  /** Ingest on a thread of its own. */
  private final class IngestFeed implements VideoSession.Feed {
    private final KafkaFrameSink sink;
    private final Ingest run;
    private final Thread thread;
    private volatile @Nullable IngestReport report;
    private volatile @Nullable RuntimeException failure;

    IngestFeed(KafkaAccess access, VideoSession.SentListener listener) {
      sink =
          KafkaFrameSink.open(
              access,
              new AvroFrameCodec(FrameLimits.DEFAULT),
              Topics.DEFAULT.frames(),
              BUFFER_BYTES);
      run =
          new Ingest(
              ingest,
              sources,
              new AnnouncedSink(sink, listener),
              InstantSource.system(),
              new SaidWarnings());
      thread = new Thread(this::send, "video-ingest");
      thread.start();
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

    @Override
    public boolean finished() {
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
}

package io.gatestream.play;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.ConfigLoader;
import io.gatestream.config.Home;
import io.gatestream.config.KafkaAccess;
import io.gatestream.config.RunConfig;
import io.gatestream.config.Topics;
import io.gatestream.errors.Causes;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.VideoSource;
import io.gatestream.kafka.GroupProgress;
import io.gatestream.labels.EventReader;
import io.gatestream.labels.LabelReader;
import io.gatestream.labels.ReadLabel;
import io.gatestream.labels.StartPoint;
import io.gatestream.schema.LabelEvent;
import io.gatestream.stream.GatestreamApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Videos through a broker, the application and ingest in this process, labels read back. {@link
 * #run} belongs to the command's thread, {@link #stop} may be called from any.
 */
public final class VideoSession {
  private static final Duration WAIT = Duration.ofMillis(100);

  /** Polls in a row without a label before the broker is asked whether more can come. */
  private static final int IDLE_POLLS = 10;

  private final List<VideoSource> sources;
  private final IngestSettings ingest;
  private final Map<String, String> settings;
  private final Duration stallTimeout;
  private final VideoWatcher watcher;
  private final FrameAccount account = new FrameAccount();
  private volatile boolean stopped;
  private int idlePolls;
  private boolean committed;

  /**
   * Prepares a session.
   *
   * @param settings of the application, by their names in a file
   * @param stallTimeout after which a session in which nothing moves fails
   */
  public VideoSession(
      List<VideoSource> sources,
      IngestSettings ingest,
      Map<String, String> settings,
      Duration stallTimeout,
      VideoWatcher watcher) {
    this.sources = sources;
    this.ingest = ingest;
    this.settings = settings;
    this.stallTimeout = stallTimeout;
    this.watcher = watcher;
  }

  /** Makes {@link #run} return soon, without an end. */
  public void stop() {
    stopped = true;
  }

  /** Plays everything and leaves nothing behind. */
  public void run() {
    watcher.say("starting a Kafka broker of its own ...");
    try (TemporaryFolder folder = TemporaryFolder.create("gatestream-videos");
        EmbeddedBroker broker = OwnBroker.start(0, folder.path().resolve("broker"))) {
      KafkaAccess access = KafkaAccess.of(broker.bootstrapServers());
      watcher.say("broker on %s; loading the model ...".formatted(broker.bootstrapServers()));
      RunConfig config = config(access, folder.path().resolve("state"));
      try (GroupProgress progress =
              new GroupProgress(access, config.applicationId(), config.topics().frames());
          GatestreamApp app = GatestreamApp.open(config)) {
        app.start(); // from here on the labels topic exists
        watcher.running(access);
        try (LabelReader labels =
                LabelReader.open(
                    access,
                    Topics.DEFAULT.labels(),
                    new StartPoint.Beginning(),
                    new LabelCodec()::decode,
                    line -> System.err.println("warning: " + line));
            VideoFeed feed =
                VideoFeed.start(
                    access,
                    sources,
                    ingest,
                    sink -> new PacedSink(sink, account, watcher, () -> stopped))) {
          double seconds = play(app, progress, feed, labels);
          if (!stopped) {
            if (app.writesEvents()) {
              watcher.told(events(access));
            }
            watcher.finished(access, account, seconds);
          }
        } finally {
          watcher.leaving();
        }
      }
    }
  }

  /** Everything that is committed by now: what came with the labels that were read. */
  private static List<LabelEvent> events(KafkaAccess access) {
    List<LabelEvent> events = new ArrayList<>();
    try (EventReader reader =
        EventReader.open(access, Topics.DEFAULT.events(), new StartPoint.Beginning())) {
      while (!reader.caughtUp()) {
        reader.poll(WAIT).forEach(read -> events.add(read.event()));
      }
    }
    return events;
  }

  private RunConfig config(KafkaAccess access, Path stateFolder) {
    Map<String, String> flags = new HashMap<>(settings);
    flags.put("bootstrap.servers", access.bootstrapServers());
    flags.put("state.dir", stateFolder.toString());
    flags.put("create.topics", "true");
    flags.put("partitions", "4");
    flags.putIfAbsent("calibrate", "false"); // a few clips are done before it pays
    return RunConfig.from(
        ConfigLoader.load(Optional.empty(), Map.of(), flags), Home.standardBundle());
  }

  /**
   * Frames skipped or rejected after a stream's last label are in no label: then the offsets tell.
   */
  private boolean isDone(GroupProgress progress, VideoFeed feed) {
    if (!feed.finished()) {
      return false;
    }
    if (account.open() == 0) {
      return true;
    }
    if (idlePolls < IDLE_POLLS || !progress.caughtUp()) {
      return false;
    }
    // What was committed while the broker was asked is read first.
    boolean drained = committed;
    committed = true;
    idlePolls = 0;
    return drained;
  }

  private double play(
      GatestreamApp app, GroupProgress progress, VideoFeed feed, LabelReader labels) {
    long start = System.nanoTime();
    long lastMove = start;
    long known = 0;
    while (!stopped && !isDone(progress, feed)) {
      Optional<String> failure = app.failure().map(Causes::text);
      if (failure.isPresent()) {
        throw new OutageException("the application stopped: " + failure.get());
      }
      List<ReadLabel> read = labels.poll(WAIT);
      idlePolls = read.isEmpty() ? idlePolls + 1 : 0;
      long now = System.nanoTime();
      for (ReadLabel label : read) {
        account.labelled(label.label());
        watcher.labelled(label.label(), now);
      }
      watcher.refresh(now);
      long moved = account.sent() + account.labels();
      if (moved != known) {
        known = moved;
        lastMove = now;
      } else if (now - lastMove > stallTimeout.toNanos()) {
        throw new OutageException(
            "nothing happened for %d s:%n  %s"
                .formatted(stallTimeout.toSeconds(), String.join("\n  ", account.missing())));
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }
}

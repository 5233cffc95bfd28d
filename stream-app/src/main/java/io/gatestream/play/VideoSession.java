package io.gatestream.play;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.Topics;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.labels.LabelReader;
import io.gatestream.labels.ReadLabel;
import io.gatestream.labels.StartPoint;
import io.gatestream.schema.FrameLabel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Videos through a broker, the application and ingest in this process, labels read back. {@link
 * #run} belongs to the command's thread, {@link #stop} may be called from any.
 */
public final class VideoSession {
  private static final Duration WAIT = Duration.ofMillis(100);

  /** Polls in a row without a label before the broker is asked whether more can come. */
  private static final int IDLE_POLLS = 10;

  /**
   * Frames of all streams that may be under way: the feed runs as fast as the machine, no faster.
   */
  private static final long UNDER_WAY = 24L;

  /** Skipped and rejected frames show in later labels only, so the feed does not wait for ever. */
  private static final long MOST_WAIT_MILLIS = 250;

  /** A part that runs until it is closed. */
  interface Part extends AutoCloseable {
    @Override
    void close();
  }

  /** Starts a broker that keeps its data in {@code folder}; gives its address. */
  public interface Broker extends Part {
    String bootstrapServers();
  }

  /** The application. When it has been started, the labels topic exists. */
  public interface Application extends Part {
    /** Why it died, empty as long as it runs. */
    Optional<String> failure();

    /** Whether every frame in the topic has been processed and committed; asks the broker. */
    boolean caughtUp();
  }

  /** The sending of the sources, on threads of its own. */
  public interface Feed extends Part {
    /** Whether every frame has been sent and acknowledged; throws if a source failed. */
    boolean finished();
  }

  /** Told of every record that was sent: its first sequence and how many frames it holds. */
  public interface SentListener {
    void sent(String stream, long sequence, int frames);
  }

  /** How the three parts are started; {@code folder} is theirs alone and is deleted afterwards. */
  public interface Parts {
    Broker broker(Path folder);

    Application application(KafkaAccess access, Path folder);

    Feed feed(KafkaAccess access, SentListener listener);
  }

  /** Hears how it goes, on the thread of {@link #run} but for {@link #sent}. */
  public interface Watcher {
    /** A line for the user about what is being started. */
    void say(String line);

    /** A record is about to be sent; called on the threads that send. */
    void sent(String stream, long sequence, long nanos);

    void labelled(FrameLabel label, long nanos);

    /** Called again and again. */
    void refresh(long nanos);

    /**
     * All frames are accounted for, and the broker still runs.
     *
     * @param seconds from the first frame sent to the last label read
     */
    void finished(KafkaAccess access, FrameAccount account, double seconds);
  }

  private final Parts parts;
  private final Duration stallTimeout;
  private final Watcher watcher;
  private final FrameAccount account = new FrameAccount();
  private volatile boolean stopped;
  private int idlePolls;
  private boolean committed;

  public VideoSession(Parts parts, Duration stallTimeout, Watcher watcher) {
    this.parts = parts;
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
        Broker broker = parts.broker(folder.path().resolve("broker"))) {
      KafkaAccess access = KafkaAccess.of(broker.bootstrapServers());
      watcher.say("broker on %s; loading the model ...".formatted(broker.bootstrapServers()));
      try (Application application = parts.application(access, folder.path().resolve("state"));
          LabelReader labels =
              LabelReader.open(
                  access,
                  Topics.DEFAULT.labels(),
                  new StartPoint.Beginning(),
                  new LabelCodec()::decode,
                  line -> System.err.println("warning: " + line));
          Feed feed = parts.feed(access, this::sent)) {
        double seconds = play(application, feed, labels);
        if (!stopped) {
          watcher.finished(access, account, seconds);
        }
      }
    }
  }

  private void sent(String stream, long sequence, int frames) {
    long until = System.currentTimeMillis() + MOST_WAIT_MILLIS;
    while (!stopped
        && account.open() > UNDER_WAY * account.streams()
        && System.currentTimeMillis() < until) {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    account.sent(stream, frames);
    watcher.sent(stream, sequence, System.nanoTime());
  }

  /**
   * Frames skipped or rejected after a stream's last label are in no label: then the offsets tell.
   */
  private boolean isDone(Application application, Feed feed) {
    if (!feed.finished()) {
      return false;
    }
    if (account.open() == 0) {
      return true;
    }
    if (idlePolls < IDLE_POLLS || !application.caughtUp()) {
      return false;
    }
    // What was committed while the broker was asked is read first.
    boolean drained = committed;
    committed = true;
    idlePolls = 0;
    return drained;
  }

  private double play(Application application, Feed feed, LabelReader labels) {
    long start = System.nanoTime();
    long progress = start;
    long known = 0;
    while (!stopped && !isDone(application, feed)) {
      application
          .failure()
          .ifPresent(
              why -> {
                throw new OutageException("the application stopped: " + why);
              });
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
        progress = now;
      } else if (now - progress > stallTimeout.toNanos()) {
        throw new OutageException(
            "nothing happened for %d s:%n  %s"
                .formatted(stallTimeout.toSeconds(), String.join("\n  ", account.missing())));
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }
}

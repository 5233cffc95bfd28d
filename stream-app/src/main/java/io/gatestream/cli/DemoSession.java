package io.gatestream.cli;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.Topics;
import io.gatestream.frame.LabelCodec;
import io.gatestream.replay.Accuracy;
import io.gatestream.replay.LabelReader;
import io.gatestream.replay.ReadLabel;
import io.gatestream.replay.StartPoint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One demo: broker, application and ingest in this process, labels read back to the table. {@link
 * #run} belongs to the command's thread, {@link #stop} may be called from any.
 */
final class DemoSession {
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
  interface Broker extends Part {
    String bootstrapServers();
  }

  /** The application. When it has been started, the labels topic exists. */
  interface Application extends Part {
    /** Why it died, empty as long as it runs. */
    Optional<String> failure();

    /** Whether every frame in the topic has been processed and committed; asks the broker. */
    boolean caughtUp();
  }

  /** The sending of the sources, on threads of its own. */
  interface Feed extends Part {
    /** Whether every frame has been sent and acknowledged; throws if a source failed. */
    boolean finished();
  }

  /** Told of every record that was sent: its first sequence and how many frames it holds. */
  interface SentListener {
    void sent(String stream, long sequence, int frames);
  }

  /** How the three parts are started; {@code folder} is theirs alone and is deleted afterwards. */
  interface Parts {
    Broker broker(Path folder);

    Application application(KafkaAccess access, Path folder);

    Feed feed(KafkaAccess access, SentListener listener);
  }

  private final Parts parts;
  private final Optional<Accuracy> accuracy;
  private final Duration stallTimeout;
  private final PrintWriter out;
  private final FrameAccount account = new FrameAccount();
  private final Delays delays = new Delays();
  private final LiveTable table;
  private volatile boolean stopped;
  private int idlePolls;
  private boolean committed;

  DemoSession(
      Parts parts,
      Optional<Accuracy> accuracy,
      Duration stallTimeout,
      PrintWriter out,
      Terminal terminal) {
    this.parts = parts;
    this.accuracy = accuracy;
    this.stallTimeout = stallTimeout;
    this.out = out;
    this.table = new LiveTable(out, terminal, delays);
  }

  /** Makes {@link #run} return soon, without a report. */
  void stop() {
    stopped = true;
  }

  /** Plays everything, prints the report and leaves nothing behind. */
  void run() {
    say("starting a Kafka broker of its own ...");
    try (TemporaryFolder folder = TemporaryFolder.create("gatestream-demo");
        Broker broker = parts.broker(folder.path().resolve("broker"))) {
      KafkaAccess access = KafkaAccess.of(broker.bootstrapServers());
      say("broker on %s; loading the model ...".formatted(broker.bootstrapServers()));
      try (Application application = parts.application(access, folder.path().resolve("state"));
          LabelReader labels =
              LabelReader.open(
                  access,
                  Topics.DEFAULT.labels(),
                  new StartPoint.Beginning(),
                  new LabelCodec()::decode,
                  line -> System.err.println("warning: " + line));
          Feed feed = parts.feed(access, this::sent)) {
        play(application, feed, labels);
      }
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
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
    table.sent(stream, sequence, System.nanoTime());
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

  private void play(Application application, Feed feed, LabelReader labels) {
    long start = System.nanoTime();
    long progress = start;
    long known = 0;
    while (!stopped && !isDone(application, feed)) {
      application
          .failure()
          .ifPresent(
              why -> {
                throw new IllegalStateException("the application stopped: " + why);
              });
      List<ReadLabel> read = labels.poll(WAIT);
      idlePolls = read.isEmpty() ? idlePolls + 1 : 0;
      long now = System.nanoTime();
      for (ReadLabel label : read) {
        account.labelled(label.label());
        table.labelled(label.label(), now);
        accuracy.ifPresent(counts -> counts.add(label.label()));
      }
      table.refresh(now);
      long moved = account.sent() + account.labels();
      if (moved != known) {
        known = moved;
        progress = now;
      } else if (now - progress > stallTimeout.toNanos()) {
        throw new IllegalStateException(
            "nothing happened for %d s:%n  %s"
                .formatted(stallTimeout.toSeconds(), String.join("\n  ", account.missing())));
      }
    }
    long end = System.nanoTime();
    table.draw(end);
    if (!stopped) {
      out.println();
      out.println(DemoReport.of(accuracy, account, delays, (end - start) / 1e9));
      out.flush();
    }
  }
}

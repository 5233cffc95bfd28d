package io.gatestream.dashboard;

import io.gatestream.errors.Causes;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one topic on a thread of its own. A topic that is not there yet, and brokers that do not
 * answer, are tried again until this is closed.
 */
final class Follower<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);
  private static final Duration WAIT = Duration.ofMillis(250);
  private static final long PAUSE_MILLIS = 2_000;

  private final String topic;
  private final Supplier<Source<T>> opening;
  private final Sink<T> sink;
  private final Runnable beginning;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Optional<String> problem = Optional.empty();
  private volatile boolean missing;

  /** A topic that is read; used and closed by the follower's thread. */
  interface Source<T> extends AutoCloseable {
    List<T> poll(Duration wait);

    /** Whether all that was there at the opening has been read. */
    boolean caughtUp();

    @Override
    void close();
  }

  /** Takes what is read, on the follower's thread. */
  @FunctionalInterface
  interface Sink<T> {
    /**
     * Takes records.
     *
     * @param live whether they came after the topic was opened
     */
    void take(List<T> read, boolean live);
  }

  private Follower(String topic, Supplier<Source<T>> opening, Sink<T> sink, Runnable beginning) {
    this.topic = topic;
    this.opening = opening;
    this.sink = sink;
    this.beginning = beginning;
    this.thread = new Thread(this::follow, "gatestream-follow-" + topic);
    thread.setDaemon(true);
  }

  /**
   * Starts to follow.
   *
   * @param beginning called before the topic is read from its start, for the first time or again
   */
  static <T> Follower<T> start(
      String topic, Supplier<Source<T>> opening, Sink<T> sink, Runnable beginning) {
    Follower<T> follower = new Follower<>(topic, opening, sink, beginning);
    follower.thread.start();
    return follower;
  }

  private void follow() {
    while (!closed) {
      try (Source<T> source = opening.get()) {
        beginning.run();
        problem = Optional.empty();
        missing = false;
        while (!closed) {
          boolean live = source.caughtUp();
          List<T> read = source.poll(WAIT);
          if (!read.isEmpty()) {
            sink.take(read, live);
          }
        }
      } catch (ConfigException e) {
        missing = true; // the settings were tried before
        waitFor(Causes.text(e));
      } catch (OutageException | KafkaException e) {
        failed(e);
      } catch (RuntimeException e) {
        log.error("topic '{}' cannot be followed", topic, e);
        failed(e);
      }
    }
  }

  private void failed(RuntimeException e) {
    String now = Causes.text(e);
    if (!closed && problem.filter(now::equals).isEmpty()) {
      log.warn("topic '{}' is not read: {}", topic, now);
    }
    missing = false;
    waitFor(now);
  }

  private void waitFor(String why) {
    problem = Optional.of(why);
    try {
      if (!closed) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  /** Why it is not read now; empty where it is. */
  Optional<String> problem() {
    return problem;
  }

  /** Whether the topic is not there yet. */
  boolean isMissing() {
    return missing;
  }

  /** Ends the thread; waits a moment for it. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

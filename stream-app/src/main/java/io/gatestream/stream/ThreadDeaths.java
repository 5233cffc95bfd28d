package io.gatestream.stream;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of every thread of the process that an {@link Error} ends, as long as it is open.
 *
 * <p>Kafka Streams asks its handler for stream threads only. An Error in another of its threads,
 * such as the one that restores states, ends that thread without a word, and the application would
 * live on without ever being ready. Whatever handled such ends before does so still.
 */
final class ThreadDeaths implements UncaughtExceptionHandler, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ThreadDeaths.class);

  private final BiConsumer<Thread, Error> heard;
  private final @Nullable UncaughtExceptionHandler before;

  private ThreadDeaths(BiConsumer<Thread, Error> heard, @Nullable UncaughtExceptionHandler before) {
    this.heard = heard;
    this.before = before;
  }

  /**
   * Begins to listen.
   *
   * @param heard called on the thread that ends
   */
  static ThreadDeaths watch(BiConsumer<Thread, Error> heard) {
    ThreadDeaths deaths = new ThreadDeaths(heard, Thread.getDefaultUncaughtExceptionHandler());
    Thread.setDefaultUncaughtExceptionHandler(deaths);
    return deaths;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    if (thrown instanceof Error error) {
      heard.accept(thread, error);
    }
    if (before == null) {
      log.error("the thread '{}' ended", thread.getName(), thrown);
    } else {
      before.uncaughtException(thread, thrown);
    }
  }

  @Override
  public void close() {
    if (Thread.getDefaultUncaughtExceptionHandler() == this) {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}

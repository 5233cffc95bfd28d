package io.gatestream.ingest;

import io.gatestream.errors.Category;
import io.gatestream.errors.Causes;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Sends video sources as frames.
 *
 * <p>{@link #run} is called once and returns when every source has ended; files share a bounded
 * pool of threads, every URL has one of its own. {@link #close}, from any other thread, ends the
 * run early and waits for it: frames that were handed over are still delivered. The sink stays the
 * caller's.
 */
public final class Ingest implements AutoCloseable {
  static final int MOST_URLS = 64;
  private static final long QUEUES_BYTES = 128L << 20;

  private final IngestSettings settings;
  private final List<VideoSource> sources;
  private final FrameSink sink;
  private final InstantSource clock;
  private final Supplier<Pacer> pacers;
  private final IngestListener listener;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean started = new AtomicBoolean();

  /**
   * Prepares a run.
   *
   * @throws ConfigException no source, or more URLs than {@value #MOST_URLS}
   */
  public Ingest(
      IngestSettings settings,
      List<VideoSource> sources,
      FrameSink sink,
      InstantSource clock,
      IngestListener listener) {
    this(
        settings,
        sources,
        sink,
        clock,
        listener,
        settings.timing().realtime() ? Pacer::realTime : Pacer::fullSpeed);
  }

  Ingest(
      IngestSettings settings,
      List<VideoSource> sources,
      FrameSink sink,
      InstantSource clock,
      IngestListener listener,
      Supplier<Pacer> pacers) {
    this.settings = settings;
    this.sources = List.copyOf(sources);
    this.sink = sink;
    this.clock = clock;
    this.listener = listener;
    this.pacers = pacers;
    if (sources.isEmpty()) {
      throw new ConfigException("there is nothing to ingest: name a file, a folder or a URL");
    }
    long urls = sources.stream().filter(source -> source.place().url()).count();
    if (urls > MOST_URLS) {
      throw new ConfigException(
          "%d URLs are more than one ingest takes, %d: run several".formatted(urls, MOST_URLS));
    }
  }

  /**
   * Sends all sources. A source that fails is named in the report and does not stop the others.
   *
   * @throws OutageException memory or a library fails, which no report can name
   * @throws IllegalStateException called before
   */
  public IngestReport run() throws InterruptedException {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("an ingest runs once");
    }
    Instant session = clock.instant().truncatedTo(ChronoUnit.MICROS);
    int atOnce = Math.min(sources.size(), settings.parallel());
    int decoderThreads = Math.max(1, Runtime.getRuntime().availableProcessors() / atOnce);
    IngestContext shared =
        new IngestContext(
            settings,
            session,
            sink,
            clock,
            System::nanoTime,
            pacers,
            listener,
            stop,
            decoderThreads,
            queueBytes());
    ExecutorService files = Executors.newFixedThreadPool(atOnce, Ingest::thread);
    ExecutorService urls = Executors.newCachedThreadPool(Ingest::thread);
    try {
      List<Future<SourceReport>> runs = new ArrayList<>();
      for (VideoSource source : sources) {
        runs.add((source.place().url() ? urls : files).submit(new SourceRun(source, shared)::run));
      }
      List<SourceReport> reports = new ArrayList<>();
      for (Future<SourceReport> run : runs) {
        reports.add(run.get());
      }
      return new IngestReport(session, reports);
    } catch (ExecutionException e) {
      throw ended(Objects.requireNonNullElse(e.getCause(), e));
    } finally {
      stop.countDown();
      files.shutdown();
      urls.shutdown();
      ended.countDown();
    }
  }

  /** What to throw where a source's thread ended without a report. */
  private static RuntimeException ended(Throwable cause) {
    return Category.of(cause) == Category.BUG
        ? new IllegalStateException("a source ended without a report", cause)
        : new OutageException(Causes.text(cause), cause);
  }

  /** Of each camera's queue: all of them together stay bounded. */
  private long queueBytes() {
    long urls = sources.stream().filter(source -> source.place().url()).count();
    return QUEUES_BYTES / Math.max(1, urls);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "ingest");
    thread.setDaemon(true);
    return thread;
  }

  /** Asks the run to end early and does not wait; {@link #run} then returns its report. */
  public void stop() {
    stop.countDown();
  }

  /**
   * Ends the run, if there is one, and waits until its frames are delivered. Safe to call twice.
   */
  @Override
  public void close() {
    stop.countDown();
    if (started.get()) {
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

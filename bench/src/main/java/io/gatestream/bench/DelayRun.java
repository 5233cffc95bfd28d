package io.gatestream.bench;

import io.gatestream.errors.Causes;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.ingest.DeliveryException;
import io.gatestream.ingest.KafkaFrameSink;
import io.gatestream.labels.LabelReader;
import io.gatestream.labels.ReadLabel;
import io.gatestream.labels.StartPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends frames at a fixed rate, whatever becomes of them, and times their labels.
 *
 * <p>A frame's time is the one at which it is due, so a sender that falls behind makes delays
 * longer and not fewer. The clock starts when the labels have caught up with the frames after the
 * start of the application, or after {@value #CATCH_UP_SECONDS} s.
 */
final class DelayRun {
  private static final long CATCH_UP_SECONDS = 10;
  private static final long LATE_SECONDS = 10;
  private static final long QUIET_SECONDS = 2;
  private static final double OUTSTANDING_SECONDS = 0.5;

  private final BenchKafka kafka;
  private final AppRuns runs;
  private final BenchFrames pictures;
  private final int partitions;
  private final long interval;

  DelayRun(TestBed bed) {
    this.kafka = bed.kafka();
    this.runs = bed.runs();
    this.pictures = bed.pictures();
    this.partitions = bed.partitions();
    this.interval = bed.intervalMicros();
  }

  /**
   * Sends {@code fps} frames a second for so long, after a warm-up, as so many streams or as many
   * as the model's frame rate needs.
   *
   * @param flags of the application
   */
  Delay at(
      int load,
      double fps,
      Map<String, String> flags,
      int leastStreams,
      double warmUp,
      double seconds)
      throws InterruptedException {
    String id = "delay-%d".formatted(load);
    int streams = Math.max(leastStreams, (int) Math.ceil(fps * interval / 1e6));
    String topic = kafka.topic(id + "-frames", partitions);
    Clock clock = new Clock(fps);
    Cameras cameras =
        new Cameras(StreamIds.even(streams, partitions), pictures, clock.startMicros, interval);
    try (MeasuredApp app = runs.open(AppRuns.Kind.WHOLE, id, topic, flags);
        LabelReader labels =
            LabelReader.open(
                kafka.access(),
                runs.labels(id),
                new StartPoint.Beginning(),
                new LabelCodec()::decode,
                complaint -> {})) {
      app.start();
      while (!app.isReady()) {
        Thread.sleep(20);
        throwFailure(app);
      }
      clock.restart();
      try (Sender sender = new Sender(kafka.sink(topic), cameras, clock)) {
        return new Timing(app, labels, sender, clock).measure(load, fps, streams, warmUp, seconds);
      }
    } finally {
      kafka.delete(id);
    }
  }

  private static void throwFailure(MeasuredApp app) {
    app.failure()
        .ifPresent(
            failure -> {
              throw new OutageException(Causes.text(failure), failure);
            });
  }

  /** When each frame is due. Two threads read it. */
  private static final class Clock {
    private final double fps;
    private volatile long startNanos;
    private volatile long startMicros;

    Clock(double fps) {
      this.fps = fps;
      restart();
    }

    void restart() {
      startMicros = Micros.of(Instant.now());
      startNanos = System.nanoTime();
    }

    long dueNanos(long n) {
      return startNanos + Math.round(n / fps * 1e9);
    }

    long dueMicros(long n) {
      return startMicros + Math.round(n / fps * 1e6);
    }

    /** The first frame that is due at a time or later. */
    long firstDue(long micros) {
      long n = (long) ((micros - startMicros) * fps / 1e6) - 1;
      while (dueMicros(n) < micros) {
        n++;
      }
      return n;
    }

    long nowMicros() {
      return startMicros + (System.nanoTime() - startNanos) / 1_000;
    }
  }

  /** Sends on a thread of its own until it is closed. */
  private static final class Sender implements AutoCloseable {
    private final KafkaFrameSink sink;
    private final Cameras cameras;
    private final Clock clock;
    private final Thread thread = new Thread(this::send, "bench-sender");
    private final AtomicLong sent = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private volatile long limit = Long.MAX_VALUE;

    Sender(KafkaFrameSink sink, Cameras cameras, Clock clock) {
      this.sink = sink;
      this.cameras = cameras;
      this.clock = clock;
      thread.setDaemon(true);
      thread.start();
    }

    private void send() {
      try {
        for (long n = 0; n < limit; n++) {
          long wait = clock.dueNanos(n) - System.nanoTime();
          while (wait > 0 && n < limit) {
            LockSupport.parkNanos(wait);
            wait = clock.dueNanos(n) - System.nanoTime();
          }
          sink.send(cameras.frame(n, clock.dueMicros(n)));
          sent.incrementAndGet();
        }
      } catch (DeliveryException | RuntimeException e) {
        failure.set(e);
      }
    }

    long sent() {
      Exception thrown = failure.get();
      if (thrown != null) {
        throw new OutageException("sending failed: " + thrown.getMessage(), thrown);
      }
      return sent.get();
    }

    /** Sends no frame from {@code n} on. */
    void endBefore(long n) {
      limit = n;
      LockSupport.unpark(thread);
    }

    @Override
    public void close() {
      endBefore(0);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      sink.close();
    }
  }

  private static final class Timing {
    private static final Duration POLL = Duration.ofMillis(10);
    private static final long MOST_MICROS = TimeUnit.HOURS.toMicros(1);

    private final MeasuredApp app;
    private final LabelReader labels;
    private final Sender sender;
    private final Clock clock;
    private final Histogram delays = new Histogram(MOST_MICROS, 3);
    private long begin = Long.MAX_VALUE;
    private long end = Long.MAX_VALUE;
    private long heardNanos;

    Timing(MeasuredApp app, LabelReader labels, Sender sender, Clock clock) {
      this.app = app;
      this.labels = labels;
      this.sender = sender;
      this.clock = clock;
    }

    Delay measure(int load, double fps, int streams, double warmUp, double seconds)
        throws InterruptedException {
      long warm = System.nanoTime() + Math.round(warmUp * 1e9);
      long latest = warm + TimeUnit.SECONDS.toNanos(CATCH_UP_SECONDS);
      while (System.nanoTime() - warm < 0
          || (System.nanoTime() - latest < 0
              && sender.sent() - app.settled() > Math.max(streams, fps * OUTSTANDING_SECONDS))) {
        poll();
      }
      begin = clock.nowMicros();
      end = begin + Math.round(seconds * 1e6);
      while (clock.nowMicros() < end) {
        poll();
      }
      sender.endBefore(clock.firstDue(end));
      long frames = clock.firstDue(end) - clock.firstDue(begin);
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(LATE_SECONDS);
      heardNanos = System.nanoTime();
      while (delays.getTotalCount() < frames
          && System.nanoTime() - patience < 0
          && !isQuietAndSettled()) {
        poll();
      }
      return new Delay(
          load,
          fps,
          streams,
          millis(50),
          millis(95),
          millis(99),
          delays.getTotalCount(),
          Math.max(0, frames - delays.getTotalCount()));
    }

    /** Whether nothing is open any more, and so long that the last labels are committed. */
    private boolean isQuietAndSettled() {
      return app.settled() >= sender.sent()
          && System.nanoTime() - heardNanos > TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    }

    private double millis(double percent) {
      return delays.getTotalCount() == 0 ? 0 : delays.getValueAtPercentile(percent) / 1e3;
    }

    private void poll() {
      throwFailure(app);
      List<ReadLabel> polled = labels.poll(POLL);
      long now = clock.nowMicros();
      if (!polled.isEmpty()) {
        heardNanos = System.nanoTime();
      }
      for (ReadLabel label : polled) {
        long captured = Micros.of(label.label().getCaptureTime());
        if (captured >= begin && captured < end) {
          delays.recordValue(Math.min(MOST_MICROS, Math.max(0, now - captured)));
        }
      }
    }
  }
}

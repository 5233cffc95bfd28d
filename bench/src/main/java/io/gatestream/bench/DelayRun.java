package io.gatestream.bench;

import io.gatestream.errors.Causes;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.labels.LabelReader;
import io.gatestream.labels.ReadLabel;
import io.gatestream.labels.StartPoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    PacedClock clock = new PacedClock(fps);
    Cameras cameras =
        new Cameras(StreamIds.even(streams, partitions), pictures, clock.startMicros(), interval);
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
      try (PacedSender sender = new PacedSender(kafka.sink(topic), cameras, clock, 0)) {
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

  private static final class Timing {
    private static final Duration POLL = Duration.ofMillis(10);
    private static final long MOST_MICROS = TimeUnit.HOURS.toMicros(1);

    private final MeasuredApp app;
    private final LabelReader labels;
    private final PacedSender sender;
    private final PacedClock clock;
    private final Histogram delays = new Histogram(MOST_MICROS, 3);
    private long begin = Long.MAX_VALUE;
    private long end = Long.MAX_VALUE;
    private long heardNanos;

    Timing(MeasuredApp app, LabelReader labels, PacedSender sender, PacedClock clock) {
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

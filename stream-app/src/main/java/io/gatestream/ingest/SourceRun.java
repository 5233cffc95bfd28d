package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends one source from its start to its end. For one thread; a camera's frames go on through a
 * second one, {@link LiveQueue}.
 */
final class SourceRun {
  /** What all sources of one ingest share. */
  record Shared(
      IngestSettings settings,
      Instant session,
      FrameSink sink,
      InstantSource clock,
      LongSupplier nanos,
      java.util.function.Supplier<Pacer> pacers,
      IngestListener listener,
      CountDownLatch stop,
      int decoderThreads) {
    boolean stopped() {
      return stop.getCount() == 0;
    }
  }

  private final VideoSource source;
  private final Shared shared;
  private final FrameStamper stamper;
  private final ClockTally tally;
  private final LiveClock liveClock;
  private final AtomicLong frames = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  SourceRun(VideoSource source, Shared shared) {
    this.source = source;
    this.shared = shared;
    this.stamper =
        new FrameStamper(
            source.streamId(),
            shared
                .sink()
                .session(
                    source.streamId(),
                    shared.session(),
                    text -> shared.listener().warning(source, text)));
    this.tally = new ClockTally(text -> shared.listener().warning(source, text));
    this.liveClock = new LiveClock(shared.nanos(), tally);
  }

  /** Runs to the end, to the stop or to a failure, which the report then names. */
  SourceReport run() {
    long begun = System.nanoTime();
    Optional<String> failure = Optional.empty();
    try {
      send();
      shared.sink().flush(source.streamId());
    } catch (IOException | RuntimeException e) {
      String text = e.getMessage() == null ? e.toString() : e.getMessage();
      failure =
          shared.stopped() && e instanceof SourceException
              ? Optional.empty()
              : Optional.of(Location.mask(text));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = Optional.of("interrupted");
    }
    SourceReport report =
        new SourceReport(
            source.streamId(),
            Location.mask(source.location()),
            frames.get(),
            bytes.get(),
            (System.nanoTime() - begun) / 1e9,
            dropped.get(),
            failure,
            tally.report());
    shared.listener().finished(report);
    return report;
  }

  private void send() throws IOException, InterruptedException {
    boolean url = source.place().url();
    try (ReadWatch watch =
        url ? new ReadWatch(shared.settings().live().silence(), shared::stopped) : null) {
      OpenSource open =
          url ? FirstConnection.await(source, shared, () -> open(watch)) : open(watch);
      if (open.live()) {
        new LiveFeed(this, shared).run(open, () -> open(watch));
      } else {
        passes(open, watch);
      }
    }
  }

  private OpenSource open(@Nullable ReadWatch watch) throws SourceException {
    return OpenSource.open(
        source,
        shared.settings(),
        watch,
        liveClock,
        shared.decoderThreads(),
        text -> shared.listener().warning(source, text));
  }

  /** Plays a file as often as asked; times go on from one pass to the next. */
  private void passes(OpenSource first, @Nullable ReadWatch watch)
      throws IOException, InterruptedException {
    IngestSettings.Timing timing = shared.settings().timing();
    long start = startMicros(first);
    shared.listener().opened(source, expected(first));
    Pacer pacer = shared.pacers().get();
    long shift = 0;
    OpenSource open = first;
    for (int pass = 1; !shared.stopped(); pass++) {
      long before = stamper.sequence();
      try (PayloadSource payloads = open.payloads()) {
        Payload payload = payloads.next();
        while (payload != null && !shared.stopped() && !full(payload)) {
          long time = payload.micros() + shift;
          pacer.await(time, shared.stop());
          if (!shared.stopped()) {
            deliver(stamper.stamp(payload, time, start + time));
          }
          payload = payloads.next();
        }
        if (payload != null || pass == timing.loops() || stamper.sequence() == before) {
          return;
        }
        shift += payloads.endMicros() - timing.fromMicros();
      }
      open = open(watch);
    }
  }

  private long startMicros(OpenSource open) {
    IngestSettings.Timing timing = shared.settings().timing();
    if (timing.start().isPresent()) {
      return FrameStamper.micros(timing.start().get());
    }
    long now = FrameStamper.micros(shared.clock().instant()) - timing.fromMicros();
    return timing.realtime()
        ? now
        : now - open.lengthMicros().orElse(0) * Math.max(1, timing.loops());
  }

  private OptionalLong expected(OpenSource open) {
    IngestSettings.Timing timing = shared.settings().timing();
    if (open.lengthMicros().isEmpty() || open.rate().isEmpty() || timing.loops() == 0) {
      return timing.maxFrames();
    }
    long frames =
        Math.round(
            open.lengthMicros().getAsLong() / 1e6 * open.rate().getAsDouble() * timing.loops());
    return OptionalLong.of(Math.min(frames, timing.maxFrames().orElse(Long.MAX_VALUE)));
  }

  VideoSource source() {
    return source;
  }

  FrameStamper stamper() {
    return stamper;
  }

  CaptureTimes captureTimes() {
    return new CaptureTimes(shared.clock(), liveClock, tally);
  }

  /** Whether a payload would go beyond the number of frames asked for. */
  boolean full(Payload payload) {
    return stamper.sequence() + payload.frames()
        > shared.settings().timing().maxFrames().orElse(Long.MAX_VALUE);
  }

  void deliver(Frame frame) throws DeliveryException {
    int size = frame.getPayload().remaining();
    shared.sink().send(frame);
    frames.addAndGet(frame.getFrameCount());
    bytes.addAndGet(size);
    shared.listener().sent(source, frame.getFrameCount(), size);
  }

  void drop(Frame frame) {
    dropped.addAndGet(frame.getFrameCount());
    shared.listener().dropped(source, frame.getFrameCount());
  }
}

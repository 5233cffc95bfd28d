package io.gatestream.ingest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends one source from its start to its end. For one thread; a camera's frames go on through a
 * second one, {@link LiveQueue}.
 */
final class SourceRun {
  private final VideoSource source;
  private final IngestContext shared;
  private final FrameStamper stamper;
  private final SourceOutput output;
  private final ClockTally tally;
  private final LiveClock liveClock;
  private final Damage damage;
  private final FirstFrame firstFrame;

  SourceRun(VideoSource source, IngestContext shared) {
    this.source = source;
    this.shared = shared;
    this.stamper =
        new FrameStamper(
            source.streamId(),
            shared.sink().session(source.streamId(), shared.session(), this::warn));
    this.output = new SourceOutput(source, shared, stamper);
    this.tally = new ClockTally(this::warn);
    this.liveClock = new LiveClock(shared.nanos(), tally);
    this.firstFrame = new FirstFrame(shared.settings().live().firstConnect());
    this.damage = new Damage(shared.settings().limits().strict(), this::warn);
  }

  /** Runs to the end, to the stop or to a failure, which the report then names. */
  SourceReport run() {
    long begun = System.nanoTime();
    Optional<String> failure = Optional.empty();
    try {
      send();
      shared.sink().flush(source.streamId());
      failure = nothingSent();
    } catch (IOException | RuntimeException e) {
      settle();
      String text = e.getMessage() == null ? e.toString() : e.getMessage();
      failure =
          shared.stopped() && e instanceof SourceException
              ? nothingSent()
              : Optional.of(Location.mask(text));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = Optional.of("interrupted");
    }
    List<String> notes = damage.sentences();
    if (output.refused() > 0) {
      notes.add(0, "%d frames were refused by Kafka".formatted(output.refused()));
    }
    SourceReport report =
        new SourceReport(
            source.streamId(),
            source.shown(),
            output.frames(),
            output.bytes(),
            (System.nanoTime() - begun) / 1e9,
            output.dropped(),
            failure,
            tally.report(),
            notes);
    shared.listener().finished(report);
    return report;
  }

  /** After a failure: what is under way arrives or not before it is counted. */
  private void settle() {
    try {
      shared.sink().flush(source.streamId());
    } catch (DeliveryException | RuntimeException e) {
      return; // the first failure is the one that is told
    }
  }

  private void send() throws IOException, InterruptedException {
    boolean url = source.place().url();
    try (ReadWatch watch =
        url
            ? new ReadWatch(
                shared.settings().live().silence(),
                () -> shared.stopped() || (stamper.sequence() == 0 && firstFrame.overdue()))
            : null) {
      OpenSource open =
          url ? FirstConnection.await(source, shared, () -> open(watch)) : open(watch);
      if (open.live()) {
        firstFrame.connected();
        CaptureTimes times = new CaptureTimes(shared.clock(), liveClock, tally);
        new LiveFeed(output, shared, times, firstFrame).run(open, () -> open(watch));
      } else {
        passes(open, watch);
      }
    }
  }

  private OpenSource open(@Nullable ReadWatch watch) throws SourceException {
    return OpenSource.open(
        source,
        new OpenSource.Means(
            shared.settings(), watch, liveClock, shared.decoderThreads(), damage, this::warn));
  }

  private void warn(String text) {
    shared.listener().warning(source, text);
  }

  /** A source that ended by itself, or a camera that was stopped, without a single frame. */
  private Optional<String> nothingSent() {
    if (stamper.sequence() > 0 || (shared.stopped() && !source.place().url())) {
      return Optional.empty();
    }
    if (output.fullAtOnce()) {
      return Optional.of("--max-frames is less than the frames of the first segment");
    }
    IngestSettings.Timing timing = shared.settings().timing();
    boolean part = timing.fromMicros() > 0 || timing.toSeconds().isPresent();
    return Optional.of(
        source.shown()
            + (shared.stopped()
                ? " delivered no frame until it was stopped"
                : part ? " has no frame between --from and --to" : " has no picture that decodes"));
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
        while (payload != null && !shared.stopped() && !output.full(payload)) {
          long time = payload.micros() + shift;
          pacer.await(time, shared.stop());
          if (!shared.stopped()) {
            output.deliver(stamper.stamp(payload, time, start + time));
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
}

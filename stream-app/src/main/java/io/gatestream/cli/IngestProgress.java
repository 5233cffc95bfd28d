package io.gatestream.cli;

import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.VideoSource;
import io.gatestream.text.Terminal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * How far an ingest is, on standard error: a bar on a terminal, else a line every 10 s.
 *
 * <p>Sources' threads report; one thread calls {@link #refresh} and {@link #close}. Time comes from
 * outside, as {@link System#nanoTime}.
 */
final class IngestProgress implements IngestListener, AutoCloseable {
  static final Duration PAUSE = Duration.ofSeconds(10);

  private static final int WIDTH = 100;

  private final PrintStream err;
  private final Optional<ProgressBar> bar;
  private final LongAdder frames = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder expected = new LongAdder();
  private final AtomicBoolean endless = new AtomicBoolean();
  private long saidNanos;
  private long saidFrames;
  private long saidDropped;

  IngestProgress(PrintStream err, Terminal terminal, long nanos) {
    this.err = err;
    this.saidNanos = nanos;
    this.bar =
        terminal.interactive()
            ? Optional.of(
                new ProgressBarBuilder()
                    .setTaskName("ingest")
                    .setUnit(" frames", 1)
                    .setInitialMax(-1)
                    .showSpeed()
                    .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
                    .build())
            : Optional.empty();
  }

  /** Says it there, and leaves that stream open. */
  static IngestProgress onStandardError() {
    return new IngestProgress(System.err, Terminal.detectError(), System.nanoTime());
  }

  @Override
  public void opened(VideoSource source, OptionalLong frames) {
    frames.ifPresentOrElse(expected::add, () -> endless.set(true));
  }

  @Override
  public void sent(VideoSource source, int count, int bytes) {
    frames.add(count);
  }

  @Override
  public void dropped(VideoSource source, int count) {
    dropped.add(count);
  }

  @Override
  public void warning(VideoSource source, String text) {
    err.println((bar.isPresent() ? "\r\u001B[K" : "") + Terminal.printable(source + " " + text));
  }

  /** Shows where it is; without a terminal only where the last line is old enough. */
  void refresh(long nanos) {
    bar.ifPresent(
        shown -> {
          shown.maxHint(endless.get() || expected.sum() == 0 ? -1 : expected.sum());
          shown.stepTo(frames.sum());
          shown.setExtraMessage(dropped.sum() == 0 ? "" : dropped.sum() + " dropped");
        });
    if (bar.isPresent() || nanos - saidNanos < PAUSE.toNanos()) {
      return;
    }
    long sent = frames.sum();
    long lost = dropped.sum();
    double seconds = (nanos - saidNanos) / 1e9;
    String of = endless.get() || expected.sum() == 0 ? "" : " of about " + expected.sum();
    err.printf(
        Locale.ROOT,
        "ingest: %d%s frames, %.1f fps, %d dropped%s%n",
        sent,
        of,
        (sent - saidFrames) / seconds,
        lost,
        lost > saidDropped ? " (%d since the last line)".formatted(lost - saidDropped) : "");
    saidNanos = nanos;
    saidFrames = sent;
    saidDropped = lost;
  }

  @Override
  public void close() {
    bar.ifPresent(
        shown -> {
          shown.stepTo(frames.sum());
          shown.close();
        });
  }
}

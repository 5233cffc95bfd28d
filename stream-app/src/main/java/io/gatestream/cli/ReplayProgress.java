package io.gatestream.cli;

import io.gatestream.replay.ReplayListener;
import io.gatestream.text.Terminal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How far a replay is, on standard error, with rate and time left: a bar on a terminal, else a line
 * every 10 s. For one thread; the clock is {@link System#nanoTime} or a test's.
 */
final class ReplayProgress implements ReplayListener, AutoCloseable {
  private static final int WIDTH = 100;

  private final PrintStream err;
  private final Terminal terminal;
  private final LongSupplier nanos;
  private Optional<ProgressBar> bar = Optional.empty();
  private @Nullable Start start;
  private long saidNanos;

  /** The first report: rate and time left count from here. */
  private record Start(long nanos, long done) {}

  ReplayProgress(PrintStream err, Terminal terminal, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
  }

  static ReplayProgress onStandardError() {
    return new ReplayProgress(System.err, Terminal.detectError(), System::nanoTime);
  }

  @Override
  public void note(String line) {
    err.println((bar.isPresent() ? "\r\u001B[K" : "") + "replay: " + Terminal.printable(line));
  }

  @Override
  public void progress(long done, long total) {
    long now = nanos.getAsLong();
    Start first = start;
    if (first == null) {
      first = new Start(now, done);
      start = first;
      saidNanos = now;
      bar = terminal.interactive() ? Optional.of(newBar(done, total)) : Optional.empty();
    }
    bar.ifPresent(shown -> shown.stepTo(done));
    if (bar.isEmpty() && now - saidNanos >= IngestProgress.PAUSE.toNanos()) {
      saidNanos = now;
      err.println(line(first, now, done, total));
    }
  }

  private ProgressBar newBar(long done, long total) {
    return new ProgressBarBuilder()
        .setTaskName("replay")
        .setUnit(" records", 1)
        .setInitialMax(total)
        .startsFrom(done, Duration.ZERO)
        .showSpeed()
        .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
        .build();
  }

  private static String line(Start first, long now, long done, long total) {
    double rate = (done - first.done()) / Math.max(1e-9, (now - first.nanos()) / 1e9);
    String left =
        rate > 0 ? "%d s left".formatted(Math.round((total - done) / rate)) : "nothing yet";
    return String.format(
        Locale.ROOT, "replay: %d of %d records, %.1f a second, %s", done, total, rate, left);
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}

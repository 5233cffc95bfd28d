package io.gatestream.text;

import java.io.PrintStream;
import java.time.Duration;

/** One line on standard error that tells how far an evaluation is; none without a terminal. */
public final class ProgressLine implements AutoCloseable {
  private static final long PAUSE = Duration.ofMillis(200).toNanos();

  private final PrintStream err;
  private final boolean shown;
  private long drawn;

  public ProgressLine(PrintStream err, Terminal terminal) {
    this.err = err;
    this.shown = terminal.interactive();
  }

  /** Says it there, and leaves that stream open. */
  public static ProgressLine onStandardError() {
    return new ProgressLine(System.err, Terminal.detectError());
  }

  /** Shows {@code line} in place of the last one. */
  public void say(String line) {
    if (shown) {
      err.print("\r\u001B[K" + Terminal.printable(line));
      err.flush();
    }
  }

  /** As {@link #say}, if the last count is old enough. */
  public void count(String what, long count, long nanos) {
    if (shown && nanos - drawn > PAUSE) {
      drawn = nanos;
      say("%s: %d labels".formatted(what, count));
    }
  }

  @Override
  public void close() {
    if (shown) {
      err.print("\r\u001B[K");
      err.flush();
    }
  }
}

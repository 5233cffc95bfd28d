package io.gatestream.cli;

import java.io.PrintStream;
import java.time.Duration;

/** One line on standard error that tells how far an evaluation is; none without a terminal. */
final class EvaluateProgress implements AutoCloseable {
  private static final long PAUSE = Duration.ofMillis(200).toNanos();

  private final PrintStream err;
  private final boolean shown;
  private long drawn;

  EvaluateProgress(PrintStream err, Terminal terminal) {
    this.err = err;
    this.shown = terminal.interactive();
  }

  /** Says it there, and leaves that stream open. */
  static EvaluateProgress onStandardError() {
    return new EvaluateProgress(System.err, Terminal.detectError());
  }

  /** Shows {@code line} in place of the last one. */
  void say(String line) {
    if (shown) {
      err.print("\r\u001B[K" + Terminal.printable(line));
      err.flush();
    }
  }

  /** As {@link #say}, if the last count is old enough. */
  void count(String what, long count, long nanos) {
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

package io.gatestream.bench;

import java.io.PrintWriter;
import java.util.Locale;

/** A line for each kind of measurement: what it is, and how long it all still takes. */
final class BenchProgress implements BenchListener {
  private final PrintWriter err;
  private String last = "";

  BenchProgress(PrintWriter err) {
    this.err = err;
  }

  /** What a run that does not come to its end has measured is not lost. */
  @Override
  public void measured(String what, double fps) {
    err.printf(Locale.ROOT, "            %s: %.1f frames/s%n", what, fps);
    err.flush();
  }

  @Override
  public void measuring(String what, double secondsLeft) {
    if (what.equals(last)) {
      return; // a repetition of what stands there
    }
    last = what;
    long seconds = Math.round(secondsLeft);
    err.printf("[%d:%02d left] %s%n", seconds / 60, seconds % 60, what);
    err.flush();
  }
}

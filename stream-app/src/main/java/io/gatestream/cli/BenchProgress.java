package io.gatestream.cli;

import io.gatestream.bench.BenchListener;
import java.io.PrintWriter;

/** A line for each kind of measurement: what it is, and how long it all still takes. */
final class BenchProgress implements BenchListener {
  private final PrintWriter err;
  private String last = "";

  BenchProgress(PrintWriter err) {
    this.err = err;
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

package io.gatestream.bench;

/** Hears how a bench goes, on the thread that runs it. */
public interface BenchListener {
  /**
   * A measurement begins.
   *
   * @param secondsLeft about how long all that is to come takes, this one included
   */
  void measuring(String what, double secondsLeft);

  /** A rate was measured, frames a second; more of the same may follow. */
  default void measured(String what, double fps) {}
}

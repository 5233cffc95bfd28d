package io.gatestream.replay;

/** Hears how a replay goes, on the thread that runs it. */
public interface ReplayListener {
  /** A line for the user: what is done now, or what could not be replayed. */
  default void note(String line) {}

  /**
   * How far it is; called again and again.
   *
   * @param done records of the range's offsets that are committed, those left out included
   * @param total all of them
   */
  default void progress(long done, long total) {}
}

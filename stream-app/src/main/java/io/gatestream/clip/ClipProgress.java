package io.gatestream.clip;

/** Hears how far a clip is, on the thread that makes it. */
public interface ClipProgress {
  /** Tells nobody. */
  ClipProgress NONE = new ClipProgress() {};

  /** So many records of the stream were found so far. */
  default void found(long records) {}

  /** So many of all frames are in the clip. */
  default void written(long frames, long of) {}
}

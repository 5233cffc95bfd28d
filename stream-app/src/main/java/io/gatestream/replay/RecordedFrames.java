package io.gatestream.replay;

/** Frames that a replay sends to a topic of its own first, such as those of video files. */
public interface RecordedFrames {
  /**
   * Sends all frames: the same ones each time, in the same order within each stream.
   *
   * @param topic new and empty
   * @return whether all were sent; false where it was asked to stop
   * @throws io.gatestream.errors.OutageException a source failed
   */
  boolean send(String topic) throws InterruptedException;

  /** In words, equal for equal frames. */
  String describe();
}

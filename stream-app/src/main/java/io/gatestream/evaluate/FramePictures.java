package io.gatestream.evaluate;

import java.util.Optional;

/** Finds the pictures of single frames again. For one thread. */
interface FramePictures {
  /** Finds nothing. */
  FramePictures NONE = frame -> Optional.empty();

  /**
   * A frame.
   *
   * @param captureTime microseconds since the epoch
   * @param sourceTime microseconds since the source's start
   */
  record FramePlace(String stream, long sequence, long captureTime, long sourceTime) {}

  /** A small JPEG of the frame, or nothing where it cannot be had. */
  Optional<byte[]> jpeg(FramePlace frame);
}

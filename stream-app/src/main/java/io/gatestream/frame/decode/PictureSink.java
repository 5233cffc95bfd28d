package io.gatestream.frame.decode;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Takes the decoded pictures of one record, in order, on the decoding thread. */
public interface PictureSink {
  /**
   * Where picture {@code index} goes: a direct buffer of height * width * 3 bytes, uint8 HWC RGB,
   * written from position 0; or empty where the picture is not wanted, which saves colour
   * conversion and resize.
   *
   * @param captureTime microseconds since the epoch
   * @param sourceTime microseconds since the source's start
   */
  Optional<ByteBuffer> place(int index, long captureTime, long sourceTime);

  /**
   * The place of picture {@code index} has been filled; called once for each place that was given.
   */
  void filled(int index);
}

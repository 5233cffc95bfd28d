package io.gatestream.frame;

import io.gatestream.schema.Frame;

/** Frames to record values and back. Thread-safe. */
public interface FrameCodec {
  byte[] encode(Frame frame);

  /**
   * Reads a frame; its payload is a view of {@code value}, so neither may be changed afterwards.
   *
   * @throws FrameDecodeException UNPARSABLE, BAD_FIELD or UNKNOWN_ENCODING; capture times are not
   *     judged here
   */
  Frame decode(byte[] value) throws FrameDecodeException;
}

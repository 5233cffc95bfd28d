package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.Frame;

/**
 * Decodes the pictures of one record to the encoder's input. It owns native buffers: not
 * thread-safe, one for each worker, closed by whoever opened it.
 */
public interface FrameDecoder extends AutoCloseable {
  /**
   * Decodes every picture of {@code frame}, in order, into the places that {@code sink} gives. A
   * picture is fully decoded and checked before its place is asked for, so places are held briefly
   * and only by good pictures.
   *
   * <p>Several threads may decode one frame at the same time, each with a decoder of its own. So
   * the frame is only read, and the position of its payload stays where it is.
   *
   * @throws FrameDecodeException the record is bad as a whole; places already filled are to be
   *     thrown away
   */
  void decode(Frame frame, PictureSink sink) throws FrameDecodeException;

  @Override
  void close();
}

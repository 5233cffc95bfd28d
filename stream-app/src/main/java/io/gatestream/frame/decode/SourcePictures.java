package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.PictureResizer.Colours;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The pictures of frames of every encoding, of their own size but for JPEGs that the model takes at
 * a reduced scale. Not thread-safe.
 */
final class SourcePictures implements AutoCloseable {
  private final StillDecoder stills;
  private final SegmentDecoder segments;

  SourcePictures(InputSpec input, FrameLimits limits) {
    this.stills = new StillDecoder(input, limits);
    this.segments = new SegmentDecoder(limits);
  }

  /** Takes the pictures of one frame in order. */
  interface Receiver {
    /**
     * Takes one.
     *
     * @param time microseconds after the frame's first
     */
    void accept(int index, long time, SegmentDecoder.Picture picture, Colours colours)
        throws FrameDecodeException;
  }

  /**
   * Decodes every picture of {@code frame}.
   *
   * @throws FrameDecodeException the record is bad as a whole; some pictures may have been given
   *     out by then
   */
  void decode(Frame frame, Receiver receiver) throws FrameDecodeException {
    ByteBuffer payload = onHeap(frame.getPayload().duplicate());
    if (!payload.hasRemaining()) {
      throw new FrameDecodeException(Reason.CORRUPT, "empty payload");
    }
    switch (frame.getEncoding()) {
      case JPEG -> still(frame, stills.jpeg(payload), Colours.RGB, receiver);
      case PNG -> still(frame, stills.png(payload), Colours.RGB, receiver);
      case RAW_BGR -> still(frame, stills.raw(frame, payload), Colours.BGR, receiver);
      case H264_SEGMENT ->
          segments.decode(
              payload,
              frame.getFrameCount(),
              (index, time, picture) -> receiver.accept(index, time, picture, Colours.RGB));
      case UNKNOWN -> throw new FrameDecodeException(Reason.UNKNOWN_ENCODING, "encoding UNKNOWN");
    }
  }

  private static void still(Frame frame, Mat picture, Colours colours, Receiver receiver)
      throws FrameDecodeException {
    if (frame.getFrameCount() != 1) {
      throw new FrameDecodeException(
          Reason.BAD_FIELD, "frameCount %d of a single picture".formatted(frame.getFrameCount()));
    }
    receiver.accept(0, 0, () -> picture, colours);
  }

  /** When a picture was captured that comes {@code time} after a frame's first. */
  static long captured(Frame frame, long time) {
    return Micros.plus(Micros.of(frame.getCaptureTime()), time);
  }

  static ByteBuffer onHeap(ByteBuffer payload) {
    if (payload.hasArray()) {
      return payload;
    }
    ByteBuffer copy = ByteBuffer.allocate(payload.remaining());
    return copy.put(payload).flip();
  }

  @Override
  public void close() {
    segments.close();
    stills.close();
  }
}

package io.gatestream.frame;

import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;

/** Frames in Avro's single-object encoding. Thread-safe. */
public final class AvroFrameCodec implements FrameCodec {
  /** Side features of one frame at most. */
  public static final int MAX_AUXILIARY = 4_096;

  /** Bytes of a stream's id at most: a state is stored and a label sent under it. */
  public static final int MAX_STREAM_ID = 1_024;

  private final SingleObject<Frame> frames =
      new SingleObject<>(Frame.class, MAX_AUXILIARY, MAX_STREAM_ID, FrameReader::read);
  private final FrameLimits limits;

  public AvroFrameCodec(FrameLimits limits) {
    this.limits = limits;
  }

  @Override
  public byte[] encode(Frame frame) {
    return frames.encode(frame);
  }

  @Override
  public Frame decode(byte[] value) throws FrameDecodeException {
    Frame frame = frames.decode(value);
    if (frame.getEncoding() == Encoding.UNKNOWN) {
      throw new FrameDecodeException(
          Reason.UNKNOWN_ENCODING, "an encoding that this version does not know");
    }
    checkCount(frame);
    checkSize(frame);
    checkAuxiliary(frame);
    return frame;
  }

  private void checkCount(Frame frame) throws FrameDecodeException {
    int count = frame.getFrameCount();
    int most = frame.getEncoding() == Encoding.H264_SEGMENT ? limits.maxSegmentFrames() : 1;
    if (count < 1 || count > most) {
      throw bad("frameCount %d is not in 1..%d", count, most);
    }
    long sequence = frame.getSequence();
    if (sequence < 0 || sequence > Long.MAX_VALUE - count) {
      throw bad("sequence %d is negative or too large for %d frames", sequence, count);
    }
  }

  private static void checkSize(Frame frame) throws FrameDecodeException {
    int least = frame.getEncoding() == Encoding.RAW_BGR ? 1 : 0;
    if (frame.getWidth() < least || frame.getHeight() < least) {
      throw bad("%s of %d x %d pixels", frame.getEncoding(), frame.getWidth(), frame.getHeight());
    }
  }

  private static void checkAuxiliary(Frame frame) throws FrameDecodeException {
    for (int i = 0; i < frame.getAuxiliary().size(); i++) {
      if (!Float.isFinite(frame.getAuxiliary().get(i))) {
        throw bad("auxiliary value %s", frame.getAuxiliary().get(i));
      }
    }
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static FrameDecodeException bad(String message, Object... values) {
    return new FrameDecodeException(Reason.BAD_FIELD, message.formatted(values));
  }
}

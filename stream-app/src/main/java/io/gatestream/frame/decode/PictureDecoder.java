package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.PictureResizer.Colours;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes frames of every encoding to the encoder's input by the resize rule of docs/bundle.md.
 * JPEGs are decoded at a reduced scale where the rule says so. Not thread-safe: one for each
 * worker; different objects give the same bytes.
 */
public final class PictureDecoder implements FrameDecoder {
  private final StillDecoder stills;
  private final SegmentDecoder segments;
  private final PictureResizer resizer;

  public PictureDecoder(InputSpec input, FrameLimits limits) {
    NativeSetup.ensure();
    this.stills = new StillDecoder(input, limits);
    this.segments = new SegmentDecoder(limits);
    this.resizer = new PictureResizer(input);
  }

  @Override
  public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
    ByteBuffer payload = onHeap(frame.getPayload().duplicate());
    if (!payload.hasRemaining()) {
      throw new FrameDecodeException(Reason.CORRUPT, "empty payload");
    }
    switch (frame.getEncoding()) {
      case JPEG -> still(frame, stills.jpeg(payload), Colours.RGB, sink);
      case PNG -> still(frame, stills.png(payload), Colours.RGB, sink);
      case RAW_BGR -> still(frame, stills.raw(frame, payload), Colours.BGR, sink);
      case H264_SEGMENT ->
          segments.decode(
              payload,
              frame.getFrameCount(),
              (index, time, picture) -> deliver(frame, index, time, picture, Colours.RGB, sink));
      case UNKNOWN -> throw new FrameDecodeException(Reason.UNKNOWN_ENCODING, "encoding UNKNOWN");
    }
  }

  private void still(Frame frame, Mat picture, Colours colours, PictureSink sink)
      throws FrameDecodeException {
    if (frame.getFrameCount() != 1) {
      throw new FrameDecodeException(
          Reason.BAD_FIELD, "frameCount %d of a single picture".formatted(frame.getFrameCount()));
    }
    deliver(frame, 0, 0, () -> picture, colours, sink);
  }

  private void deliver(
      Frame frame,
      int index,
      long time,
      SegmentDecoder.Picture picture,
      Colours colours,
      PictureSink sink)
      throws FrameDecodeException {
    long captured = Micros.plus(Micros.of(frame.getCaptureTime()), time);
    Optional<ByteBuffer> place =
        sink.place(index, captured, Micros.plus(frame.getSourceTime(), time));
    if (place.isPresent()) {
      resizer.fill(picture.rgb(), colours, place.get());
      sink.filled(index);
    }
  }

  private static ByteBuffer onHeap(ByteBuffer payload) {
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

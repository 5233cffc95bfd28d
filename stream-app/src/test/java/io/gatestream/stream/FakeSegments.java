package io.gatestream.stream;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes a segment of one byte a picture, its shade; {@link #DAMAGE} is no picture, and after
 * {@link #LEAP} the clock is beyond 2200. Everything else is decoded as usual.
 */
final class FakeSegments implements FrameDecoder {
  /** Microseconds between two pictures of a segment: 30 a second. */
  static final long APART = 33_333;

  static final byte DAMAGE = -1;
  static final byte LEAP = -2;

  private final FrameDecoder others;
  private final int pictureBytes;

  FakeSegments(InputSpec input) {
    this.others = new PictureDecoder(input, FrameLimits.DEFAULT);
    this.pictureBytes = input.bytes();
  }

  @Override
  public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
    if (frame.getEncoding() != Encoding.H264_SEGMENT) {
      others.decode(frame, sink);
      return;
    }
    ByteBuffer shades = frame.getPayload().duplicate();
    long leap = 0;
    for (int i = 0; i < frame.getFrameCount(); i++) {
      byte shade = shades.get();
      if (shade == DAMAGE) {
        throw new FrameDecodeException(Reason.CORRUPT, "picture " + i + " is damaged");
      }
      leap = shade == LEAP ? Long.MAX_VALUE : leap;
      Optional<ByteBuffer> place =
          sink.place(
              i,
              Micros.plus(Micros.of(frame.getCaptureTime()), Micros.plus(leap, i * APART)),
              frame.getSourceTime() + i * APART);
      if (place.isPresent()) {
        for (int at = 0; at < pictureBytes; at++) {
          place.get().put(at, shade);
        }
        sink.filled(i);
      }
    }
  }

  @Override
  public void close() {
    others.close();
  }
}

package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.PictureResizer.Colours;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes frames of every encoding to the encoder's input by the resize rule of docs/bundle.md.
 * JPEGs are decoded at a reduced scale where the rule says so. Not thread-safe: one for each
 * worker; different objects give the same bytes.
 */
public final class PictureDecoder implements FrameDecoder {
  private final SourcePictures pictures;
  private final PictureResizer resizer;

  public PictureDecoder(InputSpec input, FrameLimits limits) {
    NativeSetup.ensure();
    this.pictures = new SourcePictures(input, limits);
    this.resizer = new PictureResizer(input);
  }

  @Override
  public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
    pictures.decode(
        frame,
        (index, time, picture, colours) -> deliver(frame, index, time, picture, colours, sink));
  }

  private void deliver(
      Frame frame,
      int index,
      long time,
      SegmentDecoder.Picture picture,
      Colours colours,
      PictureSink sink)
      throws FrameDecodeException {
    long captured = SourcePictures.captured(frame, time);
    Optional<ByteBuffer> place =
        sink.place(index, captured, Micros.plus(frame.getSourceTime(), time));
    if (place.isPresent()) {
      resizer.fill(picture.rgb(), colours, place.get());
      sink.filled(index);
    }
  }

  @Override
  public void close() {
    pictures.close();
  }
}

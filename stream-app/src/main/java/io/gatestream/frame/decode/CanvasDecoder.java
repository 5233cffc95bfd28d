package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.PictureResizer.Colours;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/**
 * Decodes frames of every encoding onto one canvas, which has the size of the first picture, with
 * even sides. Later pictures of another size are fitted into it, with black bars where their shape
 * is another. Owns native memory; one thread.
 */
public final class CanvasDecoder implements AutoCloseable {
  /** Of no effect: pictures are decoded at their full size. */
  private static final InputSpec FULL =
      new InputSpec(1, 1, Resize.of(Mode.STRETCH, Interpolation.AREA));

  private final SourcePictures pictures;
  private @Nullable Canvas canvas;

  public CanvasDecoder(FrameLimits limits) {
    NativeSetup.ensure();
    this.pictures = new SourcePictures(FULL, limits);
  }

  /**
   * Makes the canvas for the pictures of {@code frame}, which are not drawn yet. Later calls change
   * nothing.
   *
   * @throws FrameDecodeException the frame is damaged, and has no picture before that
   */
  public CanvasSize prepare(Frame frame) throws FrameDecodeException {
    Canvas ready = canvas;
    if (ready == null) {
      ready = new Canvas(firstSize(frame)); // not in the decoder's scope, which would free it
      canvas = ready;
    }
    return ready.size;
  }

  private CanvasSize firstSize(Frame frame) throws FrameDecodeException {
    FirstSize first = new FirstSize();
    try {
      pictures.decode(frame, first);
    } catch (FrameDecodeException e) {
      if (first.size.isEmpty()) {
        throw e; // else whoever decodes it hears of the damage
      }
    }
    return first.size.orElseThrow();
  }

  /**
   * Decodes every picture of {@code frame}, in order, onto the canvas that was prepared.
   *
   * @throws FrameDecodeException the record is damaged; some pictures may have been given out by
   *     then, and those are good
   */
  public void decode(Frame frame, CanvasSink sink) throws FrameDecodeException {
    Canvas ready = canvas;
    if (ready == null) {
      throw new IllegalStateException("no canvas is prepared");
    }
    pictures.decode(
        frame,
        (index, time, picture, colours) -> {
          long captured = SourcePictures.captured(frame, time);
          if (sink.wants(index, captured)) {
            ready.resizer.fill(picture.rgb(), colours, ready.pixels);
            sink.picture(index, captured, ready.rgb);
          }
        });
  }

  @Override
  public void close() {
    pictures.close();
    if (canvas != null) {
      canvas.close();
      canvas = null;
    }
  }

  /** Looks at the first picture only. */
  private static final class FirstSize implements SourcePictures.Receiver {
    private Optional<CanvasSize> size = Optional.empty();

    @Override
    public void accept(int index, long time, SegmentDecoder.Picture picture, Colours colours)
        throws FrameDecodeException {
      if (size.isEmpty()) {
        Mat pixels = picture.rgb();
        size = Optional.of(CanvasSize.of(pixels.cols(), pixels.rows()));
      }
    }
  }

  /** The pixels, and what fills them. */
  private static final class Canvas implements AutoCloseable {
    private final CanvasSize size;
    private final BytePointer memory;
    private final ByteBuffer pixels;
    private final PictureResizer resizer;
    private final Mat rgb;

    Canvas(CanvasSize size) {
      this.size = size;
      InputSpec spec =
          new InputSpec(size.width(), size.height(), Resize.of(Mode.LETTERBOX, Interpolation.AREA));
      memory = new BytePointer((long) spec.bytes());
      pixels = memory.asByteBuffer();
      resizer = new PictureResizer(spec);
      rgb = new Mat(size.height(), size.width(), opencv_core.CV_8UC3, memory);
    }

    @Override
    public void close() {
      rgb.close();
      memory.close();
    }
  }
}

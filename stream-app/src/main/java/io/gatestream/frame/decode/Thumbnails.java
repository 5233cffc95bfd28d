package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.schema.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.bytedeco.javacv.Java2DFrameConverter;

/** Makes small JPEGs of frames of every encoding. Owns native buffers: for one thread. */
public final class Thumbnails implements AutoCloseable {
  private static final int WIDTH = 240;
  private static final int HEIGHT = 180;

  private final InputSpec size =
      new InputSpec(WIDTH, HEIGHT, InputSpec.Resize.of(Mode.LETTERBOX, Interpolation.AREA));
  private final PictureDecoder decoder = new PictureDecoder(size, FrameLimits.DEFAULT);
  private final org.bytedeco.javacv.Frame canvas =
      new org.bytedeco.javacv.Frame(WIDTH, HEIGHT, org.bytedeco.javacv.Frame.DEPTH_UBYTE, 3);
  private final ByteBuffer pixels = (ByteBuffer) canvas.image[0];
  private final Java2DFrameConverter converter = new Java2DFrameConverter();

  /**
   * The picture of {@code frame} at a place in it, {@value #WIDTH} x {@value #HEIGHT} pixels with
   * black bars where its shape is another.
   *
   * @param index from 0; more than 0 in segments only
   * @return a JPEG file, or nothing where the frame does not decode or has no such picture
   */
  public Optional<byte[]> jpeg(Frame frame, long index) {
    Wanted wanted = new Wanted(index);
    try {
      decoder.decode(frame, wanted);
    } catch (FrameDecodeException e) {
      return Optional.empty(); // a frame without a thumbnail
    }
    return wanted.filled ? Optional.of(encode()) : Optional.empty();
  }

  private byte[] encode() {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(jpeg)) {
      boolean swapped = true; // the pixels are RGB, and those of Java are BGR
      ImageIO.write(converter.getBufferedImage(canvas, 1, swapped, null), "jpg", out);
    } catch (IOException e) {
      throw new UncheckedIOException("a thumbnail does not encode as JPEG", e);
    }
    return jpeg.toByteArray();
  }

  @Override
  public void close() {
    decoder.close();
    converter.close();
    canvas.close();
  }

  private final class Wanted implements PictureSink {
    private final long index;
    private boolean filled;

    private Wanted(long index) {
      this.index = index;
    }

    @Override
    public Optional<ByteBuffer> place(int picture, long captureTime, long sourceTime) {
      return picture == index ? Optional.of(pixels) : Optional.empty();
    }

    @Override
    public void filled(int picture) {
      filled = true;
    }
  }
}

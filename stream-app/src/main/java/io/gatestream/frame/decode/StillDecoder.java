package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.jpeg.JpegCheck;
import io.gatestream.frame.jpeg.JpegFile;
import io.gatestream.frame.jpeg.JpegTables;
import io.gatestream.frame.png.PngCheck;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes JPEG and PNG to RGB, and raw frames to BGR as they are, of their own size but for JPEGs
 * that the model takes at a reduced scale. Owns the native memory of the last picture; one thread.
 */
public final class StillDecoder implements AutoCloseable {
  private static final int FLAGS =
      opencv_imgcodecs.IMREAD_COLOR_RGB | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;

  private final InputSpec input;
  private final FrameLimits limits;
  private final JpegTables tables = new JpegTables();
  private final Mat picture = new Mat();
  private BytePointer encoded = new BytePointer(1 << 16);

  public StillDecoder(InputSpec input, FrameLimits limits) {
    this.input = input;
    this.limits = limits;
  }

  /**
   * Checks a JPEG at its full size and decodes it, its sides divided by {@link ReducedScale} and
   * rounded up; the picture is valid until the next call.
   */
  public Mat jpeg(ByteBuffer payload) throws FrameDecodeException {
    JpegFile checked = JpegCheck.of(payload, limits, tables);
    ImageHeader header = checked.header();
    return image(checked.file(), header, ReducedScale.of(input, header));
  }

  /** Checks a PNG and decodes it to 8 bits without alpha; valid until the next call. */
  public Mat png(ByteBuffer payload) throws FrameDecodeException {
    PngCheck checked = PngCheck.of(payload, limits);
    return image(checked.file(), checked.header(), 1);
  }

  /** Takes raw BGR rows without padding; the picture, BGR too, is valid until the next call. */
  Mat raw(Frame frame, ByteBuffer payload) throws FrameDecodeException {
    if (frame.getWidth() < 1 || frame.getHeight() < 1) {
      throw new FrameDecodeException(
          Reason.BAD_FIELD,
          "RAW_BGR of %d x %d pixels".formatted(frame.getWidth(), frame.getHeight()));
    }
    ImageHeader header = new ImageHeader(frame.getWidth(), frame.getHeight(), 3).within(limits);
    long bytes = 3L * header.width() * header.height();
    if (payload.remaining() != bytes) {
      throw new FrameDecodeException(
          Reason.CORRUPT,
          "RAW_BGR of %d x %d pixels in %d bytes, expected %d"
              .formatted(header.width(), header.height(), payload.remaining(), bytes));
    }
    picture.create(header.height(), header.width(), opencv_core.CV_8UC3);
    picture.data().put(payload.array(), payload.arrayOffset() + payload.position(), (int) bytes);
    return picture;
  }

  @SuppressWarnings("try") // the scope frees what is made within it
  private Mat image(ByteBuffer file, ImageHeader header, int divisor) throws FrameDecodeException {
    load(file);
    boolean decoded;
    try (PointerScope scope = new PointerScope()) {
      Mat bytes = new Mat(1, file.remaining(), opencv_core.CV_8UC1, encoded);
      // only the result tells of a failure: the picture then holds the last one, or anything
      decoded = !opencv_imgcodecs.imdecode(bytes, flags(divisor), picture).empty();
    } catch (RuntimeException e) {
      throw new FrameDecodeException(Reason.CORRUPT, "OpenCV: " + e.getMessage(), e);
    }
    if (!decoded
        || picture.empty()
        || picture.cols() != ReducedScale.side(header.width(), divisor)
        || picture.rows() != ReducedScale.side(header.height(), divisor)
        || picture.type() != opencv_core.CV_8UC3) {
      throw new FrameDecodeException(Reason.CORRUPT, "a picture that OpenCV does not decode");
    }
    return picture;
  }

  /** The grey flags are the bare scale; those of colour mean BGR, which RGB excludes. */
  private static int flags(int divisor) {
    return FLAGS
        | switch (divisor) {
          case 1 -> 0;
          case 2 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
          case 4 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
          case 8 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
          default -> throw new IllegalArgumentException("divisor " + divisor);
        };
  }

  private void load(ByteBuffer bytes) {
    if (encoded.capacity() < bytes.remaining()) {
      encoded.close();
      encoded = new BytePointer(bytes.remaining() + bytes.remaining() / 4L);
    }
    encoded.put(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  @Override
  public void close() {
    picture.close();
    encoded.close();
  }
}

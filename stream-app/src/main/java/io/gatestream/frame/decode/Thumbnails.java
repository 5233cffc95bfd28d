package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Makes small JPEGs of frames of every encoding. Owns native buffers: for one thread. */
public final class Thumbnails implements AutoCloseable {
  private static final int WIDTH = 240;
  private static final int HEIGHT = 180;
  private static final int QUALITY = 75;

  private final InputSpec size =
      new InputSpec(WIDTH, HEIGHT, InputSpec.Resize.of(Mode.LETTERBOX, Interpolation.AREA));
  private final PictureDecoder decoder = new PictureDecoder(size, FrameLimits.DEFAULT);
  private final ByteBuffer pixels = ByteBuffer.allocateDirect(size.bytes());

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

  @SuppressWarnings("try") // the scope frees what is made within it
  private byte[] encode() {
    try (PointerScope scope = new PointerScope()) {
      Mat rgb = new Mat(HEIGHT, WIDTH, opencv_core.CV_8UC3, new BytePointer(pixels));
      Mat bgr = new Mat();
      opencv_imgproc.cvtColor(rgb, bgr, opencv_imgproc.COLOR_RGB2BGR);
      BytePointer jpeg = new BytePointer();
      IntPointer parameters = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, QUALITY);
      if (!opencv_imgcodecs.imencode(".jpg", bgr, jpeg, parameters)) {
        throw new IllegalStateException("a thumbnail does not encode as JPEG");
      }
      byte[] bytes = new byte[Math.toIntExact(jpeg.limit())];
      jpeg.get(bytes);
      return bytes;
    }
  }

  @Override
  public void close() {
    decoder.close();
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

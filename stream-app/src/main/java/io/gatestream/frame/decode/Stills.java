package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.schema.Frame;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.jspecify.annotations.Nullable;

/** Makes JPEGs of single pictures of frames, of every encoding and in their own shape. */
public final class Stills {
  private static final int QUALITY = 82;

  private Stills() {}

  /** A picture of a record. */
  public static final class Still {
    private final byte[] jpeg;
    private final int index;
    private final long captureTime;

    private Still(byte[] jpeg, int index, long captureTime) {
      this.jpeg = jpeg;
      this.index = index;
      this.captureTime = captureTime;
    }

    /** The JPEG file; the array itself. */
    public byte[] jpeg() {
      return jpeg;
    }

    /** Place in the record, from 0. */
    public int index() {
      return index;
    }

    /** Microseconds since the epoch. */
    public long captureTime() {
      return captureTime;
    }
  }

  /**
   * The last picture of a record that was captured at or before a time, else its first.
   *
   * @param atMicros microseconds since the epoch
   * @param width pixels at most; the height follows
   * @return nothing where no such picture decodes
   */
  public static Optional<Still> at(Frame frame, long atMicros, int width) {
    Last last = new Last(atMicros);
    try (CanvasDecoder decoder = new CanvasDecoder(FrameLimits.DEFAULT)) {
      try {
        decoder.prepare(frame);
        decoder.decode(frame, last);
      } catch (FrameDecodeException e) {
        // what came before the damage is good
      }
      Mat picture = last.picture;
      return picture == null
          ? Optional.empty()
          : Optional.of(new Still(jpeg(picture, width), last.index, last.captured));
    }
  }

  private static byte[] jpeg(Mat rgb, int width) {
    try (Mat small = new Mat();
        Mat bgr = new Mat();
        BytePointer file = new BytePointer();
        IntPointer quality = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, QUALITY)) {
      Mat sized = rgb;
      if (rgb.cols() > width) {
        int height = Math.max(1, Math.round(rgb.rows() * (width / (float) rgb.cols())));
        try (Size size = new Size(width, height)) {
          opencv_imgproc.resize(rgb, small, size, 0, 0, opencv_imgproc.INTER_AREA);
        }
        sized = small;
      }
      opencv_imgproc.cvtColor(sized, bgr, opencv_imgproc.COLOR_RGB2BGR);
      if (!opencv_imgcodecs.imencode(".jpg", bgr, file, quality)) {
        throw new IllegalStateException("a picture does not encode as JPEG");
      }
      byte[] jpeg = new byte[Math.toIntExact(file.limit())];
      file.get(jpeg);
      return jpeg;
    }
  }

  /** Keeps which picture the canvas shows. */
  private static final class Last implements CanvasSink {
    private final long at;
    private @Nullable Mat picture;
    private int index;
    private long captured;

    private Last(long at) {
      this.at = at;
    }

    @Override
    public boolean wants(int place, long captureTime) {
      return place == 0 || captureTime <= at;
    }

    @Override
    public void picture(int place, long captureTime, Mat rgb) {
      picture = rgb;
      index = place;
      captured = captureTime;
    }
  }
}

package io.gatestream.ingest;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import io.gatestream.schema.Encoding;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/** Every picture of a source as one JPEG: BT.601, full range, as JFIF says. */
final class JpegPayloads implements PayloadSource {
  private final PictureSource pictures;
  private final int quality;

  /**
   * Takes the pictures over.
   *
   * @param pictures in bgr24
   */
  JpegPayloads(PictureSource pictures, int quality) {
    this.pictures = pictures;
    this.quality = quality;
  }

  @Override
  public @Nullable Payload next() throws SourceException {
    Picture picture = pictures.next();
    return picture == null
        ? null
        : new Payload(Encoding.JPEG, encode(picture.pixels()), 1, picture.micros());
  }

  private ByteBuffer encode(AVFrame frame) throws SourceException {
    try (Mat bgr =
            new Mat(frame.height(), frame.width(), CV_8UC3, frame.data(0), frame.linesize(0));
        BytePointer jpeg = new BytePointer();
        IntPointer parameters = new IntPointer(IMWRITE_JPEG_QUALITY, quality)) {
      if (!imencode(".jpg", bgr, jpeg, parameters)) {
        throw new SourceException("a picture does not encode as JPEG");
      }
      byte[] bytes = new byte[Math.toIntExact(jpeg.limit())];
      jpeg.get(bytes);
      return ByteBuffer.wrap(bytes);
    }
  }

  @Override
  public long endMicros() {
    return pictures.endMicros();
  }

  @Override
  public void close() {
    pictures.close();
  }
}

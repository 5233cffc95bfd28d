package io.gatestream.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;

/** A picture of a video file as JavaCV's grabber shows it: 8 bits of RGB. */
final class ShownPicture {
  private final long micros;
  private final int width;
  private final int height;
  private final byte[] rgb;

  private ShownPicture(long micros, int width, int height, byte[] rgb) {
    this.micros = micros;
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /** All pictures of a file. */
  static List<ShownPicture> of(Path file) throws IOException {
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
      return of(grabber);
    }
  }

  /** The picture of a JPEG. */
  static ShownPicture ofJpeg(byte[] jpeg) throws IOException {
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(new ByteArrayInputStream(jpeg))) {
      return of(grabber).get(0);
    }
  }

  private static List<ShownPicture> of(FFmpegFrameGrabber grabber) throws IOException {
    List<ShownPicture> shown = new ArrayList<>();
    grabber.setPixelFormat(avutil.AV_PIX_FMT_RGB24);
    grabber.start();
    org.bytedeco.javacv.Frame picture;
    while ((picture = grabber.grabImage()) != null) {
      byte[] rgb = new byte[3 * picture.imageWidth * picture.imageHeight];
      ByteBuffer rows = (ByteBuffer) picture.image[0];
      for (int y = 0; y < picture.imageHeight; y++) {
        rows.get(y * picture.imageStride, rgb, 3 * picture.imageWidth * y, 3 * picture.imageWidth);
      }
      shown.add(
          new ShownPicture(grabber.getTimestamp(), picture.imageWidth, picture.imageHeight, rgb));
    }
    return shown;
  }

  /** The coded slices of each packet of a file of H.264, as they are. */
  static List<String> slices(Path file) throws IOException {
    List<String> slices = new ArrayList<>();
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
      grabber.start();
      AVPacket packet;
      while ((packet = grabber.grabPacket()) != null && packet.size() > 0) {
        byte[] bytes = new byte[packet.size()];
        packet.data().get(bytes);
        slices.add(file.toString().endsWith(".ts") ? behindStartCodes(bytes) : inLengths(bytes));
      }
    }
    return slices;
  }

  private static String inLengths(byte[] packet) {
    StringBuilder slices = new StringBuilder();
    ByteBuffer left = ByteBuffer.wrap(packet);
    while (left.hasRemaining()) {
      byte[] unit = new byte[left.getInt()];
      left.get(unit);
      add(unit, slices);
    }
    return slices.toString();
  }

  private static String behindStartCodes(byte[] packet) {
    StringBuilder slices = new StringBuilder();
    String text = new String(packet, StandardCharsets.ISO_8859_1);
    for (String unit : text.split("\0\0\1", -1)) {
      add(unit.replaceAll("\0+\\z", "").getBytes(StandardCharsets.ISO_8859_1), slices);
    }
    return slices.toString();
  }

  /** In hexadecimal, if it is a slice. */
  private static void add(byte[] unit, StringBuilder slices) {
    int type = unit.length == 0 ? 0 : unit[0] & 0x1F;
    if (type == 1 || type == 5) {
      slices.append(HexFormat.of().formatHex(unit)).append(' ');
    }
  }

  long micros() {
    return micros;
  }

  int height() {
    return height;
  }

  /** Mean of the absolute differences of all samples. */
  double difference(ShownPicture other) {
    return difference(other, 0, height);
  }

  /** As {@link #difference}, from one row to another. */
  double difference(ShownPicture other, int from, int to) {
    if (width != other.width || height != other.height) {
      throw new IllegalArgumentException("pictures of different sizes");
    }
    long sum = 0;
    for (int i = 3 * width * from; i < 3 * width * to; i++) {
      sum += Math.abs((rgb[i] & 0xFF) - (other.rgb[i] & 0xFF));
    }
    return sum / (3.0 * width * (to - from));
  }
}

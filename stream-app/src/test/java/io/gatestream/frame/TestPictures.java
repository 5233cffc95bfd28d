package io.gatestream.frame;

import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Pictures and segments for tests. */
public final class TestPictures {
  public static final Instant CAPTURED = Instant.parse("2026-01-02T03:04:05.000006Z");
  public static final long SOURCE_TIME = 5_000_000;

  private TestPictures() {}

  /** BGR rows of a picture with slopes, edges and some noise, as cameras give; the same always. */
  public static byte[] scene(int width, int height, int shift) {
    byte[] bgr = new byte[3 * width * height];
    int random = 12345;
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        random = random * 1103515245 + 12345;
        int noise = random >>> 28;
        int u = x + 3 * shift;
        double wave = 40 * Math.sin(u / 23.0) * Math.cos(y / 17.0);
        int edge = (u / 40 + y / 30) % 3 == 0 ? 70 : 0;
        bgr[i++] = clamp(60 + 100.0 * x / width + wave + noise);
        bgr[i++] = clamp(40 + 120.0 * y / height + edge + noise);
        bgr[i++] = clamp(120 - wave + edge - noise);
      }
    }
    return bgr;
  }

  private static byte clamp(double value) {
    return (byte) Math.max(0, Math.min(255, (int) value));
  }

  public static byte[] jpeg(int width, int height, int... parameters) {
    return image(".jpg", scene(width, height, 0), width, height, 3, parameters);
  }

  public static byte[] png(int width, int height) {
    return image(".png", scene(width, height, 0), width, height, 3);
  }

  public static byte[] image(
      String type, byte[] pixels, int width, int height, int channels, int... parameters) {
    try (Mat picture = new Mat(height, width, opencv_core.CV_8UC(channels));
        BytePointer encoded = new BytePointer();
        IntPointer p = new IntPointer(parameters)) {
      picture.data().put(pixels, 0, width * height * channels);
      if (!opencv_imgcodecs.imencode(type, picture, encoded, p)) {
        throw new IllegalStateException("OpenCV does not encode " + type);
      }
      byte[] bytes = new byte[(int) encoded.limit()];
      encoded.get(bytes);
      return bytes;
    }
  }

  /** A segment of moving scenes at 25 frames a second by OpenH264, a keyframe each second. */
  public static byte[] segment(Path folder, String container, int width, int height, int frames)
      throws Exception {
    Path file = Files.createTempFile(folder, "segment", "." + container);
    try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toFile(), width, height)) {
      recorder.setFormat(container);
      recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
      recorder.setVideoCodecName("libopenh264");
      recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
      recorder.setVideoBitrate(800_000);
      recorder.setFrameRate(25);
      recorder.setGopSize(25);
      if (container.equals("mp4")) {
        recorder.setOption("movflags", "frag_keyframe+empty_moov+default_base_moof");
      }
      recorder.start();
      for (int i = 0; i < frames; i++) {
        try (org.bytedeco.javacv.Frame picture =
            new org.bytedeco.javacv.Frame(
                width, height, org.bytedeco.javacv.Frame.DEPTH_UBYTE, 3)) {
          ByteBuffer rows = (ByteBuffer) picture.image[0];
          byte[] scene = scene(width, height, i);
          for (int y = 0; y < height; y++) {
            rows.position(y * picture.imageStride).put(scene, y * width * 3, width * 3);
          }
          rows.rewind();
          recorder.record(picture);
        }
      }
    }
    return Files.readAllBytes(file);
  }

  public static Frame frame(Encoding encoding, byte[] payload) {
    return frame(encoding, payload, 1);
  }

  public static Frame frame(Encoding encoding, byte[] payload, int count) {
    return Frame.newBuilder()
        .setStreamId("camera-1")
        .setSession(Instant.EPOCH)
        .setFrameCount(count)
        .setSequence(7)
        .setCaptureTime(CAPTURED)
        .setSourceTime(SOURCE_TIME)
        .setEncoding(encoding)
        .setPayload(ByteBuffer.wrap(payload))
        .build();
  }

  /** Keeps what it is given; pictures whose index {@code step} does not divide are not wanted. */
  public static final class Kept implements PictureSink {
    public final List<byte[]> pictures = new ArrayList<>();
    public final List<Long> captureTimes = new ArrayList<>();
    public final List<Long> sourceTimes = new ArrayList<>();
    private final ByteBuffer place;
    private final int step;

    public Kept(int bytes, int step) {
      this.place = ByteBuffer.allocateDirect(bytes);
      this.step = step;
    }

    @Override
    public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
      if (index != captureTimes.size()) {
        throw new IllegalStateException("picture " + index + " is out of order");
      }
      captureTimes.add(captureTime);
      sourceTimes.add(sourceTime);
      return index % step == 0 ? Optional.of(place) : Optional.empty();
    }

    @Override
    public void filled(int index) {
      byte[] copy = new byte[place.capacity()];
      place.get(0, copy);
      pictures.add(copy);
    }
  }
}

package io.gatestream.it;

import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.JpegDepth;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureDecoders;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.ingest.FrameSink;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.PictureSize;
import io.gatestream.ingest.VideoSource;
import io.gatestream.model.BundleReader;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Prints the processor time of one frame in the application's decoder, by encoding, and that of the
 * parts it pays for: microseconds, least, median and largest of turns. One thread.
 */
public final class DecodeParts {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final int WARM_UP = 3;
  private static final double LEAST_MICROS = 100_000;

  private DecodeParts() {}

  private interface Part {
    /** Gives how many frames it was. */
    int run() throws Exception;
  }

  /** Bundle, clip, turns. */
  public static void main(String[] args) throws Exception {
    InputSpec input = BundleReader.load(Path.of(args[0])).input();
    Path clip = Path.of(args[1]);
    Map<String, Part> parts = new LinkedHashMap<>();
    FrameLimits full = FrameLimits.DEFAULT;
    List<Frame> jpeg = frames(clip, IngestSettings.Encoding.JPEG);
    parts.put("JPEG", decode(input, full, jpeg));
    parts.put("JPEG, jpeg.check=structure", decode(input, full.with(JpegDepth.STRUCTURE), jpeg));
    parts.put("JPEG, reduced scale", decode(input.withReducedScaleJpeg(true), full, jpeg));
    parts.put("raw", decode(input, full, raw(jpeg)));
    List<Frame> segments = frames(clip, IngestSettings.Encoding.H264);
    parts.put("H.264", decode(input, full, segments));
    parts.put("H.264, no picture wanted", decode(input, full, segments, Optional.empty()));
    Mat whole = new Mat(HEIGHT, WIDTH, opencv_core.CV_8UC3);
    Mat small = new Mat(input.height(), input.width(), opencv_core.CV_8UC3);
    for (String way : List.of("AREA", "LINEAR")) {
      int method = way.equals("AREA") ? opencv_imgproc.INTER_AREA : opencv_imgproc.INTER_LINEAR;
      parts.put(
          "OpenCV's resize alone, " + way,
          () -> {
            opencv_imgproc.resize(whole, small, small.size(), 0, 0, method);
            return 1;
          });
    }
    measure(parts, Integer.parseInt(args[2]));
  }

  private static void measure(Map<String, Part> parts, int turns) throws Exception {
    Map<String, double[]> micros = new LinkedHashMap<>();
    for (int turn = -WARM_UP; turn < turns; turn++) {
      for (Map.Entry<String, Part> part : parts.entrySet()) {
        double found = micros(part.getValue());
        if (turn >= 0) {
          micros.computeIfAbsent(part.getKey(), name -> new double[turns])[turn] = found;
        }
      }
    }
    micros.forEach(
        (name, values) -> {
          Arrays.sort(values);
          System.out.printf(
              "%-32s %7.0f   %5.0f to %5.0f%n",
              name, values[turns / 2], values[0], values[turns - 1]);
        });
  }

  private static double micros(Part part) throws Exception {
    long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    int frames = 0;
    double spent = 0;
    while (spent < LEAST_MICROS) {
      frames += part.run();
      spent = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun) / 1e3;
    }
    return spent / frames;
  }

  private static Part decode(InputSpec input, FrameLimits limits, List<Frame> frames) {
    return decode(input, limits, frames, Optional.of(ByteBuffer.allocateDirect(input.bytes())));
  }

  private static Part decode(
      InputSpec input, FrameLimits limits, List<Frame> frames, Optional<ByteBuffer> place) {
    FrameDecoder decoder = PictureDecoders.open(input, limits);
    PictureSink sink =
        new PictureSink() {
          @Override
          public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
            return place;
          }

          @Override
          public void filled(int index) {}
        };
    int[] next = {0};
    return () -> {
      Frame frame = frames.get(next[0]++ % frames.size());
      decoder.decode(frame, sink);
      return frame.getFrameCount();
    };
  }

  private static List<Frame> raw(List<Frame> jpegs) {
    List<Frame> frames = new ArrayList<>();
    for (Frame jpeg : jpegs) {
      byte[] file = new byte[jpeg.getPayload().remaining()];
      jpeg.getPayload().duplicate().get(file);
      byte[] pixels = new byte[3 * WIDTH * HEIGHT];
      try (BytePointer bytes = new BytePointer(file);
          Mat encoded = new Mat(bytes);
          Mat picture = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_COLOR)) {
        picture.data().get(pixels);
      }
      frames.add(
          Frame.newBuilder(jpeg)
              .setEncoding(Encoding.RAW_BGR)
              .setWidth(WIDTH)
              .setHeight(HEIGHT)
              .setPayload(ByteBuffer.wrap(pixels))
              .build());
    }
    return frames;
  }

  /** The first seconds of a clip as {@code ingest} sends them. */
  private static List<Frame> frames(Path clip, IngestSettings.Encoding encoding)
      throws InterruptedException {
    IngestSettings.Pictures standard = IngestSettings.Pictures.DEFAULT;
    IngestSettings.Timing timing = IngestSettings.Timing.DEFAULT;
    IngestSettings settings =
        IngestSettings.DEFAULT
            .with(
                new IngestSettings.Pictures(
                    encoding,
                    standard.quality(),
                    Optional.of(new PictureSize(WIDTH, HEIGHT)),
                    OptionalDouble.empty(),
                    standard.segmentSeconds()))
            .with(
                new IngestSettings.Timing(
                    false, timing.start(), 1, 0, OptionalDouble.empty(), OptionalLong.of(60)));
    List<Frame> frames = new ArrayList<>();
    FrameSink sink =
        new FrameSink() {
          @Override
          public void send(Frame frame) {
            frames.add(frame);
          }

          @Override
          public void flush(String streamId) {}
        };
    try (Ingest ingest =
        new Ingest(
            settings,
            List.of(VideoSource.of(clip)),
            sink,
            InstantSource.system(),
            IngestListener.NONE)) {
      ingest.run();
    }
    return frames;
  }
}

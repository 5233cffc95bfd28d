package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.frame.jpeg.JpegBombs;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints the processor time that the dearest records take which the standard limits let through, or
 * which they refuse only after some work: the figures in docs/limits.md. {@code
 * -Dworst.cases=true}.
 */
@EnabledIfSystemProperty(named = "worst.cases", matches = "true")
class WorstCasesTest {
  private static final InputSpec INPUT =
      new InputSpec(224, 224, Resize.of(Mode.STRETCH, Interpolation.AREA));
  private static final int SIDE = 4_096;
  private static final double MEGAPIXEL = 1e6;

  @TempDir static Path folder;

  @Test
  void printed() throws Exception {
    byte[] noise = new byte[3 * SIDE * SIDE];
    new Random(1).nextBytes(noise);
    int quality = opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
    print("JPEG, smooth", Encoding.JPEG, TestPictures.jpeg(SIDE, SIDE), 1, pixels(1));
    byte[] full = TestPictures.image(".jpg", noise, SIDE, SIDE, 3, quality, 75);
    print("JPEG, noise", Encoding.JPEG, full, 1, pixels(1));
    byte[] progressive =
        TestPictures.image(
            ".jpg",
            noise,
            SIDE,
            SIDE,
            3,
            quality,
            75,
            opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE,
            1);
    print("JPEG, progressive, noise", Encoding.JPEG, progressive, 1, pixels(1));
    print("JPEG, 43 passes", Encoding.JPEG, JpegBombs.passes(SIDE, SIDE), 1, pixels(1));
    print("JPEG, 2,647 scans", Encoding.JPEG, JpegBombs.scans(SIDE, SIDE), 1, pixels(1));
    byte[] deep =
        TestPngs.of(
            TestPngs.header(SIDE, SIDE, 16, 6, 0),
            TestPngs.pixels(new byte[SIDE * (1 + 8 * SIDE)]),
            TestPngs.end());
    print("PNG, 16 bits, alpha", Encoding.PNG, deep, 1, pixels(1));
    byte[] passes = interlaced();
    print("PNG, 16 bits, alpha, interlaced", Encoding.PNG, passes, 1, pixels(1));
    byte[] segment = TestPictures.segment(folder, "mp4", 1_280, 720, 100);
    print("H.264, 100 x 1280x720", Encoding.H264_SEGMENT, segment, 100, 92.16);
    byte[] parameters = SegmentBombs.pictureParameters(segment);
    byte[] units = SegmentBombs.unitsBeforeKeyframe(segment, parameters, 1_000);
    print("H.264, 1,000 parameter sets", Encoding.H264_SEGMENT, units, 1, 0.9216);
  }

  private static double pixels(int frames) {
    return frames * (double) SIDE * SIDE / MEGAPIXEL;
  }

  private static byte[] interlaced() {
    int[][] passes = {
      {0, 0, 8, 8},
      {4, 0, 8, 8},
      {0, 4, 4, 8},
      {2, 0, 4, 4},
      {0, 2, 2, 4},
      {1, 0, 2, 2},
      {0, 1, 1, 2}
    };
    int bytes = 0;
    for (int[] pass : passes) {
      int columns = (SIDE - pass[0] + pass[2] - 1) / pass[2];
      bytes += (SIDE - pass[1] + pass[3] - 1) / pass[3] * (1 + 8 * columns);
    }
    return TestPngs.of(
        TestPngs.header(SIDE, SIDE, 16, 6, 1), TestPngs.pixels(new byte[bytes]), TestPngs.end());
  }

  private static void print(
      String what, Encoding encoding, byte[] payload, int count, double megapixels) {
    Frame frame = TestPictures.frame(encoding, payload, count);
    String outcome = "decoded";
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      try (PictureDecoder decoder = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        try {
          decoder.decode(frame, new TestPictures.Kept(INPUT.bytes(), 1));
        } catch (FrameDecodeException e) {
          outcome = e.reason() + ": " + e.getMessage();
        }
        long after = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        best = Math.min(best, (after - before) / 1e6);
      }
    }
    System.out.printf(
        "%-34s %,11d bytes %7.0f ms %7.1f ms a megapixel  %s%n",
        what, payload.length, best, best / megapixels, outcome);
    assertThat(best).isPositive();
  }
}

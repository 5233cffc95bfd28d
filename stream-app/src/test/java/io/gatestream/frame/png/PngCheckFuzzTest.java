package io.gatestream.frame.png;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gatestream.frame.Allocation;
import io.gatestream.frame.CheckedPicture;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.StrayBytes;
import io.gatestream.frame.TestPngs;
import io.gatestream.frame.decode.StillDecoder;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.opencv.opencv_core.Mat;

/** Any bytes as a PNG: refused as bad data, or a picture that two decoders see alike. */
class PngCheckFuzzTest {
  private static final int MAX_SIDE = 256;
  private static final FrameLimits LIMITS =
      new FrameLimits(MAX_SIDE, MAX_SIDE * MAX_SIDE, 1, 1, 1 << 20, StrayBytes.REPAIR);
  private static final Set<Reason> REASONS = EnumSet.of(Reason.CORRUPT, Reason.TOO_LARGE);
  private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "IDAT", "IEND");

  /** One row, an exception's trace, and what an inflater and the JDK take. */
  private static final long MOST_BYTES = 1 << 20;

  private static final StillDecoder DECODER =
      new StillDecoder(new InputSpec(64, 64, Resize.of(Mode.STRETCH, Interpolation.AREA)), LIMITS);

  @FuzzTest
  void everyFileIsRefusedOrWhole(byte[] png) throws Exception {
    check(png);
    // a changed file has wrong checksums, behind which the rest is never seen
    List<byte[]> mended = new ArrayList<>();
    List<byte[]> packed = new ArrayList<>();
    for (Chunk chunk : Chunk.of(png)) {
      mended.add(TestPngs.chunk(chunk.type, chunk.content));
      packed.add(
          chunk.type.equals("IDAT")
              ? TestPngs.pixels(chunk.content)
              : TestPngs.chunk(chunk.type, chunk.content));
    }
    check(TestPngs.of(mended.toArray(byte[][]::new)));
    check(TestPngs.of(packed.toArray(byte[][]::new)));
  }

  private static void check(byte[] png) throws Exception {
    byte[] payload = png.clone();
    CheckedPicture checked = checked(ByteBuffer.wrap(payload));
    assertThat(payload).as("the payload is left alone").isEqualTo(png);
    assertThat(checked(CheckedPicture.amid(png, 0x49)))
        .as("bytes around the payload")
        .isEqualTo(checked);
    long most = MOST_BYTES + 64L * png.length;
    assertThat(Allocation.least(most, () -> checked(ByteBuffer.wrap(png))))
        .isLessThanOrEqualTo(most);
    if (checked.header().isEmpty()) {
      assertThat(checked.reason()).get().isIn(REASONS);
      return;
    }
    ImageHeader header = checked.header().get();
    assertThat(header.within(LIMITS)).isSameAs(header);
    assertThat(checked.file().remaining()).isLessThanOrEqualTo(png.length);
    assertThat(Chunk.of(checked.bytes())).allMatch(chunk -> KEPT.contains(chunk.type));
    assertThat(checked(checked.file()))
        .as("what goes to the decoder is whole and has nothing to leave out")
        .isEqualTo(checked);
    requireSamePixels(DECODER.png(ByteBuffer.wrap(png)), checked.bytes());
  }

  private static void requireSamePixels(Mat picture, byte[] file) throws Exception {
    BufferedImage second =
        CheckedPicture.second("png", file).image().orElseThrow(() -> new AssertionError("no PNG"));
    assertThat(picture.cols()).isEqualTo(second.getWidth());
    assertThat(picture.rows()).isEqualTo(second.getHeight());
    byte[] rgb = new byte[picture.cols() * 3];
    for (int y = 0; y < picture.rows() && second.getSampleModel().getSampleSize(0) <= 8; y++) {
      picture.ptr(y).get(rgb);
      for (int x = 0; x < picture.cols(); x++) {
        int found =
            (rgb[3 * x] & 0xFF) << 16 | (rgb[3 * x + 1] & 0xFF) << 8 | (rgb[3 * x + 2] & 0xFF);
        if (found != rgb(second, x, y)) {
          throw new AssertionError(
              "pixel %d, %d is %06x, expected %06x".formatted(x, y, found, rgb(second, x, y)));
        }
      }
    }
  }

  /** The stored samples: a grey image's own colours are not those that OpenCV shows. */
  private static int rgb(BufferedImage image, int x, int y) {
    if (image.getColorModel() instanceof IndexColorModel) {
      return image.getRGB(x, y) & 0xFFFFFF;
    }
    int[] samples = image.getRaster().getPixel(x, y, (int[]) null);
    return samples.length < 3
        ? samples[0] * 0x010101
        : samples[0] << 16 | samples[1] << 8 | samples[2];
  }

  private static CheckedPicture checked(ByteBuffer png) {
    return CheckedPicture.by(
        file -> {
          PngCheck whole = PngCheck.of(file, LIMITS);
          return CheckedPicture.accepted(whole.header(), whole.file());
        },
        png);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Chunk(String type, byte[] content) {
    /** The chunks of a file as far as there are any, whatever their checksums. */
    static List<Chunk> of(byte[] png) {
      List<Chunk> chunks = new ArrayList<>();
      ByteBuffer in = ByteBuffer.wrap(png).position(Math.min(8, png.length));
      while (in.remaining() >= 12) {
        int length = in.getInt();
        byte[] type = new byte[4];
        in.get(type);
        if (length < 0 || length > in.remaining() - 4) {
          break;
        }
        byte[] content = new byte[length];
        in.get(content).getInt();
        chunks.add(new Chunk(new String(type, ISO_8859_1), content));
      }
      return chunks;
    }
  }
}

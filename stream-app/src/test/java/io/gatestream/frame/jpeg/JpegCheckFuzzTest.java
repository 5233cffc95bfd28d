package io.gatestream.frame.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gatestream.frame.Allocation;
import io.gatestream.frame.CheckedPicture;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.StrayBytes;
import io.gatestream.frame.decode.StillDecoder;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.bytedeco.opencv.opencv_core.Mat;

/** Any bytes as a JPEG: refused as bad data, or whole by another decoder's judgement too. */
class JpegCheckFuzzTest {
  private static final int MAX_SIDE = 256;
  private static final int MAX_SCANS = 20;
  private static final FrameLimits REPAIR = limits(StrayBytes.REPAIR);
  private static final FrameLimits REFUSE = limits(StrayBytes.REFUSE);
  private static final Set<Reason> REASONS =
      EnumSet.of(Reason.CORRUPT, Reason.TOO_LARGE, Reason.UNKNOWN_ENCODING);

  /** The blocks of the largest progressive picture, one file's tables, an exception's trace. */
  private static final long MOST_BYTES = 4 << 20;

  /** Holds the tables of whatever came before. */
  private static final JpegTables USED = new JpegTables();

  private static final StillDecoder DECODER =
      new StillDecoder(new InputSpec(64, 64, Resize.of(Mode.STRETCH, Interpolation.AREA)), REPAIR);

  @FuzzTest
  void everyFileIsRefusedOrWhole(byte[] jpeg) throws Exception {
    byte[] payload = jpeg.clone();
    CheckedPicture checked = check(ByteBuffer.wrap(payload), REPAIR, new JpegTables());
    assertThat(payload).as("the payload is left alone").isEqualTo(jpeg);
    assertThat(check(ByteBuffer.wrap(payload), REPAIR, USED))
        .as("tables of the files before it")
        .isEqualTo(checked);
    assertThat(check(CheckedPicture.amid(jpeg, 0xFF), REPAIR, USED))
        .as("bytes around the payload")
        .isEqualTo(checked);
    long most = MOST_BYTES + 8L * jpeg.length;
    assertThat(Allocation.least(most, () -> check(ByteBuffer.wrap(jpeg), REPAIR, USED)))
        .isLessThanOrEqualTo(most);
    if (checked.header().isEmpty()) {
      assertThat(checked.reason()).get().isIn(REASONS);
      return;
    }
    accepted(checked, jpeg.length);
    decodes(jpeg, checked.header().get());
  }

  private static void accepted(CheckedPicture checked, int length) throws Exception {
    ImageHeader header = checked.header().orElseThrow();
    assertThat(header.within(REPAIR)).isSameAs(header);
    byte[] file = checked.bytes();
    assertThat(file.length).isBetween(4, length);
    assertThat(file).startsWith(0xFF, 0xD8).endsWith(0xFF, 0xD9);
    assertThat(scans(file)).isBetween(1, MAX_SCANS);
    assertThat(check(ByteBuffer.wrap(file), REFUSE, new JpegTables()))
        .as("what goes to the decoder is whole and has no stray bytes")
        .isEqualTo(checked);
    assertThat(CheckedPicture.second("jpeg", file).complaints())
        .noneMatch(complaint -> complaint.matches("(?s).*(Corrupt|Premature|Inconsistent).*"));
  }

  /** OpenCV may refuse what it does not take; what it gives is as large as the header says. */
  private static void decodes(byte[] jpeg, ImageHeader header) {
    try {
      Mat picture = DECODER.jpeg(ByteBuffer.wrap(jpeg));
      assertThat(picture.cols()).isEqualTo(header.width());
      assertThat(picture.rows()).isEqualTo(header.height());
    } catch (FrameDecodeException e) {
      assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
      assertThat(e).hasMessageContaining("OpenCV");
    }
  }

  /** Scans of a whole file, counted by its markers alone. */
  private static int scans(byte[] file) {
    int scans = 0;
    int position = 2;
    while (true) {
      while (file[position + 1] == (byte) 0xFF) {
        position++;
      }
      int marker = file[position + 1] & 0xFF;
      if (marker == 0xD9) {
        return scans;
      }
      position += 2 + ((file[position + 2] & 0xFF) << 8 | (file[position + 3] & 0xFF));
      if (marker == 0xDA) {
        scans++;
        while (file[position] != (byte) 0xFF || isWithinScan(file[position + 1] & 0xFF)) {
          position++;
        }
      }
    }
  }

  /** Whether this byte behind FF is a stuffed one, a restart's or more of the fill before one. */
  private static boolean isWithinScan(int next) {
    return next == 0 || next == 0xFF || (next >= 0xD0 && next <= 0xD7);
  }

  private static CheckedPicture check(ByteBuffer jpeg, FrameLimits limits, JpegTables tables) {
    return CheckedPicture.by(
        file -> {
          JpegFile whole = JpegCheck.of(file, limits, tables);
          return CheckedPicture.accepted(whole.header(), whole.file());
        },
        jpeg);
  }

  private static FrameLimits limits(StrayBytes stray) {
    return new FrameLimits(MAX_SIDE, MAX_SIDE * MAX_SIDE, 1, MAX_SCANS, 1 << 21, stray);
  }
}

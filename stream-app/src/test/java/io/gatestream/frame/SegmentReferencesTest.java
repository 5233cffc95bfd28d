package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.hostile.References;
import io.gatestream.hostile.Sentinel;
import io.gatestream.schema.Encoding;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments that ask for files and addresses get neither. */
class SegmentReferencesTest {
  private static final int PICTURES = 3;
  private static final InputSpec INPUT =
      new InputSpec(64, 48, Resize.of(Mode.STRETCH, Interpolation.AREA));

  @TempDir Path folder;

  @Test
  void noSegmentReadsAFileOrConnects() throws Exception {
    byte[] mp4 = TestPictures.segment(folder, "mp4", 64, 48, PICTURES);
    // what is asked for would decode: a video of another size
    byte[] other = TestPictures.segment(folder, "mpegts", 96, 64, PICTURES);
    try (Sentinel sentinel = new Sentinel(folder, other);
        PictureDecoder decoder = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
      List<byte[]> own = decode(decoder, mp4);
      List<byte[]> payloads = References.of(sentinel.file(), sentinel.address(), mp4);
      int labelled = 0;
      for (byte[] payload : payloads) {
        try {
          // a movie whose reference is ignored has its pictures in itself
          assertThat(decode(decoder, payload))
              .usingElementComparator(java.util.Arrays::compare)
              .isEqualTo(own);
          labelled++;
        } catch (FrameDecodeException e) {
          assertThat(e).hasMessageNotContaining("sentinel");
        }
      }
      assertThat(payloads.size() - labelled).isGreaterThan(30);
      sentinel.requireUntouched();
    }
  }

  @Test
  void theSentinelSeesAReaderAndACaller() throws Exception {
    try (Sentinel sentinel = new Sentinel(folder, new byte[] {1})) {
      sentinel.connect();
      assertThatThrownBy(sentinel::requireUntouched).isInstanceOf(AssertionError.class);
    }
  }

  private static List<byte[]> decode(PictureDecoder decoder, byte[] payload)
      throws FrameDecodeException {
    TestPictures.Kept kept = new TestPictures.Kept(INPUT.bytes(), 1);
    decoder.decode(TestPictures.frame(Encoding.H264_SEGMENT, payload, PICTURES), kept);
    return kept.pictures;
  }
}

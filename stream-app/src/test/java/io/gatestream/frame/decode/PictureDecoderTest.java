package io.gatestream.frame.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.TestPictures;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureDecoderTest {
  private static final InputSpec INPUT =
      new InputSpec(64, 64, Resize.of(Mode.STRETCH, Interpolation.AREA));

  @TempDir Path folder;

  /** The lookahead shows one frame to several threads. */
  @Test
  void aFrameOfAnyEncodingIsOnlyRead() throws Exception {
    Frame raw = TestPictures.frame(Encoding.RAW_BGR, TestPictures.scene(80, 60, 0));
    raw.put("width", 80);
    raw.put("height", 60);
    List<Frame> frames =
        List.of(
            TestPictures.frame(Encoding.JPEG, TestPictures.jpeg(80, 60)),
            TestPictures.frame(Encoding.PNG, TestPictures.png(80, 60)),
            raw,
            TestPictures.frame(
                Encoding.H264_SEGMENT, TestPictures.segment(folder, "mpegts", 160, 96, 5), 5),
            TestPictures.frame(
                Encoding.H264_SEGMENT, TestPictures.segment(folder, "mp4", 160, 96, 5), 5));
    try (PictureDecoder decoder = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
      for (Frame frame : frames) {
        ByteBuffer payload = frame.getPayload();
        int size = payload.capacity();
        TestPictures.Kept first = new TestPictures.Kept(INPUT.bytes(), 1);
        decoder.decode(frame, first);
        assertThat(frame.getPayload()).isSameAs(payload);
        assertThat(payload.position()).as("%s", frame.getEncoding()).isZero();
        assertThat(payload.limit()).as("%s", frame.getEncoding()).isEqualTo(size);
        TestPictures.Kept again = new TestPictures.Kept(INPUT.bytes(), 1);
        decoder.decode(frame, again);
        assertThat(again.pictures).hasSameSizeAs(first.pictures);
        assertThat(again.pictures.get(0)).isEqualTo(first.pictures.get(0));
      }
    }
  }
}

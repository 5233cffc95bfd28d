package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.ingest.FrameSink;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.VideoSource;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The segments that ingest cuts, through the decoder that serves. */
class RemuxedSegmentsTest {
  private static final InputSpec INPUT =
      new InputSpec(64, 64, Resize.of(Mode.STRETCH, Interpolation.AREA));

  @TempDir Path folder;

  @Test
  void segmentsOfARecordingShowThePicturesOfTheFile() throws Exception {
    Path file = folder.resolve("camera.mp4");
    Files.write(file, TestPictures.segment(folder, "mp4", 160, 96, 120));
    assertThat(segments(file, 120)).isGreaterThan(1);
  }

  @Test
  void segmentsOfReorderedPicturesShowThoseOfTheFile() throws Exception {
    Path file = Path.of("samples/beach.mp4");
    assumeTrue(Files.exists(file));
    assertThat(segments(file, 300)).isGreaterThan(1);
  }

  private static int segments(Path file, int pictures) throws Exception {
    List<Frame> sent = Collections.synchronizedList(new ArrayList<>());
    FrameSink sink =
        new FrameSink() {
          @Override
          public void send(Frame frame) {
            sent.add(frame);
          }

          @Override
          public void flush(String streamId) {}
        };
    IngestSettings settings =
        IngestSettings.DEFAULT.with(
            new IngestSettings.Pictures(
                IngestSettings.Encoding.H264, 85, Optional.empty(), OptionalDouble.empty(), 1));
    new Ingest(
            settings,
            List.of(VideoSource.of(file)),
            sink,
            () -> TestPictures.CAPTURED,
            IngestListener.NONE)
        .run();
    TestPictures.Kept whole = new TestPictures.Kept(INPUT.bytes(), 1);
    List<byte[]> cut = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    try (PictureDecoder decoder = new PictureDecoder(INPUT, FrameLimits.DEFAULT)) {
      decoder.decode(
          TestPictures.frame(Encoding.H264_SEGMENT, Files.readAllBytes(file), pictures), whole);
      for (Frame frame : sent) {
        TestPictures.Kept kept = new TestPictures.Kept(INPUT.bytes(), 1);
        decoder.decode(frame, kept);
        cut.addAll(kept.pictures);
        times.addAll(kept.sourceTimes);
      }
    }
    assertThat(cut).hasSize(pictures).hasSameSizeAs(whole.pictures);
    for (int i = 0; i < pictures; i++) {
      assertThat(cut.get(i)).isEqualTo(whole.pictures.get(i));
    }
    assertThat(times).doesNotHaveDuplicates().isSorted();
    return sent.size();
  }
}

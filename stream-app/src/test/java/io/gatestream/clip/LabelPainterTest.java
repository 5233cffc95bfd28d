package io.gatestream.clip;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelPainterTest {
  private static final int GREY = 100;

  @ParameterizedTest
  @CsvSource({"64,64", "320,240", "1920,1080", "240,1280"})
  void pixelsChangeWithinTheAreaOnlyAndThereIsTextInIt(int width, int height) {
    try (Mat picture =
        new Mat(height, width, opencv_core.CV_8UC3, new Scalar(GREY, GREY, GREY, 0))) {
      LabelPainter.Area area = LabelPainter.paint(picture, List.of("approaching 0.93", "on: door"));

      ByteBuffer pixels = picture.createBuffer();
      int bright = 0;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int red = pixels.get(3 * (y * width + x)) & 0xFF;
          if (x < area.width() && y < area.height()) {
            bright += red > 200 ? 1 : 0;
          } else {
            assertThat(red).isEqualTo(GREY);
          }
        }
      }
      assertThat(bright).isGreaterThan(20);
      assertThat(area.height()).isLessThan(height / 2);
    }
  }

  @Test
  void whatTheFontLacksIsAQuestionMark() {
    assertThat(LabelPainter.ascii("Tür\n offen")).isEqualTo("T?r? offen");
  }

  @Test
  void aFrameHasItsBestLabelAndWhatIsOn() {
    SpanLabels labels = new SpanLabels();
    labels.add(label(7, List.of()));
    labels.add(label(8, List.of("door", "person")));

    assertThat(labels.of(5_000_000, 7)).isEqualTo(Optional.of(List.of("door 0.93")));
    assertThat(labels.of(5_000_000, 8))
        .isEqualTo(Optional.of(List.of("door 0.93", "on: door, person")));
    assertThat(labels.of(5_000_000, 9)).isEmpty();
    assertThat(labels.of(6_000_000, 7)).isEmpty();
  }

  private static FrameLabel label(long sequence, List<String> active) {
    return FrameLabel.newBuilder()
        .setStreamId("camera")
        .setSession(Instant.ofEpochSecond(5))
        .setSequence(sequence)
        .setCaptureTime(Instant.ofEpochSecond(9))
        .setSourceTime(0)
        .setScores(List.of(new LabelScore("door", 0.934f), new LabelScore("none", 0.066f)))
        .setModel(new ModelId("m", "1", "f"))
        .setFramesSinceReset(1)
        .setReset(Reset.NONE)
        .setDuplicates(0)
        .setSkipped(0)
        .setRejected(0)
        .setActive(active)
        .build();
  }
}

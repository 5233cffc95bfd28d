package io.gatestream.frame.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanvasSizeTest {
  @ParameterizedTest
  @CsvSource({
    "640,480,640,480",
    "641,479,642,480",
    "3840,2160,3840,2160",
    "5,7,16,16",
    "8192,2048,6144,1536"
  })
  void aPictureGetsACanvasThatTheEncoderTakes(int width, int height, int wide, int high) {
    assertThat(CanvasSize.of(width, height)).isEqualTo(new CanvasSize(wide, high));
  }
}

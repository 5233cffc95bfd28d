package io.gatestream.frame.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Region;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.TestPictures;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The resize rule of docs/bundle.md by worked examples. */
class PlacementTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # mode       | frame    | input   | region              | source        | target
          STRETCH      | 640x480  | 64x64   |                     | 0,0 640x480   | 0,0 64x64
          STRETCH      | 101x51   | 64x64   | 0.5,0.5,0.5,0.5     | 51,26 50x25   | 0,0 64x64
          STRETCH      | 10x10    | 64x64   | 0.25,0.25,0.5,0.5   | 3,3 5x5       | 0,0 64x64
          STRETCH      | 10x10    | 64x64   | 0.99,0.99,0.01,0.01 | 9,9 1x1       | 0,0 64x64
          LETTERBOX    | 640x480  | 64x64   |                     | 0,0 640x480   | 0,8 64x48
          LETTERBOX    | 480x640  | 64x64   |                     | 0,0 480x640   | 8,0 48x64
          LETTERBOX    | 640x480  | 63x64   |                     | 0,0 640x480   | 0,8 63x47
          LETTERBOX    | 4x3      | 10x10   |                     | 0,0 4x3       | 0,1 10x8
          LETTERBOX    | 1000x1   | 64x64   |                     | 0,0 1000x1    | 0,31 64x1
          LETTERBOX    | 100x100  | 64x32   |                     | 0,0 100x100   | 16,0 32x32
          LETTERBOX    | 100x100  | 64x64   | 0.0,0.0,1.0,0.5     | 0,0 100x50    | 0,16 64x32
          CENTRE_CROP  | 640x480  | 64x64   |                     | 80,0 480x480  | 0,0 64x64
          CENTRE_CROP  | 480x641  | 64x64   |                     | 0,80 480x480  | 0,0 64x64
          CENTRE_CROP  | 100x100  | 64x48   |                     | 0,12 100x75   | 0,0 64x48
          CENTRE_CROP  | 10x5     | 3x2     |                     | 1,0 8x5       | 0,0 3x2
          CENTRE_CROP  | 1x1000   | 64x1    |                     | 0,499 1x1     | 0,0 64x1
          CENTRE_CROP  | 640x480  | 64x64   | 0.5,0.0,0.5,1.0     | 320,80 320x320| 0,0 64x64
          """)
  void eachModePlacesThePictureByTheRule(
      Mode mode, String frame, String input, String region, String source, String target) {
    int[] size = numbers(frame);
    Placement placement = Placement.of(spec(mode, input, region), size[0], size[1]);
    assertThat(text(placement.source())).isEqualTo(source);
    assertThat(text(placement.target())).isEqualTo(target);
  }

  @Test
  void paddingTakesTheLetterboxColourInRgb() throws Exception {
    Resize resize =
        new Resize(
            Mode.LETTERBOX, Interpolation.NEAREST, List.of(1, 2, 3), Optional.empty(), false);
    InputSpec input = new InputSpec(2, 4, resize);
    // one row of two pixels: blue, green
    Frame frame = TestPictures.frame(Encoding.RAW_BGR, new byte[] {-1, 0, 0, 0, -1, 0});
    frame.put("width", 2);
    frame.put("height", 1);
    TestPictures.Kept kept = new TestPictures.Kept(input.bytes(), 1);
    try (PictureDecoder decoder = new PictureDecoder(input, FrameLimits.DEFAULT)) {
      decoder.decode(frame, kept);
    }
    assertThat(kept.pictures.get(0))
        .containsExactly(1, 2, 3, 1, 2, 3, 0, 0, -1, 0, -1, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3);
  }

  private static InputSpec spec(Mode mode, String input, String region) {
    int[] size = numbers(input);
    Optional<Region> cut = Optional.empty();
    if (region != null) {
      String[] parts = region.split(",", -1);
      cut =
          Optional.of(
              new Region(
                  Double.parseDouble(parts[0]),
                  Double.parseDouble(parts[1]),
                  Double.parseDouble(parts[2]),
                  Double.parseDouble(parts[3])));
    }
    return new InputSpec(
        size[0], size[1], new Resize(mode, Interpolation.AREA, List.of(0, 0, 0), cut, false));
  }

  private static int[] numbers(String size) {
    String[] parts = size.split("x", -1);
    return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
  }

  private static String text(Placement.Box box) {
    return "%d,%d %dx%d".formatted(box.x(), box.y(), box.width(), box.height());
  }
}

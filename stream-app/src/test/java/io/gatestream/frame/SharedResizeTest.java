package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pictures that model-export resizes for training: the same bytes come out here. */
class SharedResizeTest {
  static Stream<JsonNode> cases() throws Exception {
    return SharedInput.cases("resize.json");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resizedPictureEqualsTheOneOfTraining(JsonNode shared) throws Exception {
    InputSpec input = SharedInput.parse(shared.get("input"));
    int width = shared.get("frame").get(0).asInt();
    int height = shared.get("frame").get(1).asInt();
    Frame frame = TestPictures.frame(Encoding.RAW_BGR, noise(width, height));
    frame.put("width", width);
    frame.put("height", height);
    TestPictures.Kept kept = new TestPictures.Kept(input.bytes(), 1);
    try (PictureDecoder decoder = new PictureDecoder(input, FrameLimits.DEFAULT)) {
      decoder.decode(frame, kept);
    }
    assertThat(kept.pictures.get(0))
        .isEqualTo(Base64.getDecoder().decode(shared.get("rgb").asText()));
  }

  /** BGR rows; their bytes, in the order RGB, are the top bytes of a mix of their index. */
  private static byte[] noise(int width, int height) {
    byte[] bgr = new byte[3 * width * height];
    for (int i = 0; i < bgr.length; i++) {
      int v = i * 0x9E3779B1 + 12345;
      v = (v ^ (v >>> 15)) * 0x85EBCA77;
      v ^= v >>> 13;
      bgr[i - i % 3 + 2 - i % 3] = (byte) (v >>> 24);
    }
    return bgr;
  }
}

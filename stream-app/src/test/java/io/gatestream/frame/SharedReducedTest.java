package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.frame.decode.ReducedScale;
import io.gatestream.schema.Encoding;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JPEGs that model-export decodes at a reduced scale: the same bytes come out here. */
class SharedReducedTest {
  static Stream<JsonNode> cases() throws Exception {
    return SharedInput.cases("reduced.json");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reducedPictureEqualsTheOneOfTraining(JsonNode shared) throws Exception {
    InputSpec input = SharedInput.parse(shared.get("input"));
    byte[] jpeg = Base64.getDecoder().decode(shared.get("jpeg").asText());
    assertThat(ReducedScale.of(input, ByteBuffer.wrap(jpeg), FrameLimits.DEFAULT))
        .isEqualTo(shared.get("divisor").asInt());
    TestPictures.Kept kept = new TestPictures.Kept(input.bytes(), 1);
    try (PictureDecoder decoder = new PictureDecoder(input, FrameLimits.DEFAULT)) {
      decoder.decode(TestPictures.frame(Encoding.JPEG, jpeg), kept);
    }
    assertThat(kept.pictures.get(0))
        .isEqualTo(Base64.getDecoder().decode(shared.get("rgb").asText()));
  }
}

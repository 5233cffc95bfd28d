package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatestream.config.FrameLimits;
import io.gatestream.model.ModelBundle;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenPicturesTest {
  @ParameterizedTest
  @MethodSource("io.gatestream.model.TestBundles#all")
  void goldenFramesDecodeToTheGoldenPixels(Path folder) throws Exception {
    ModelBundle bundle = ModelBundle.load(folder);
    JsonNode frames =
        new JsonMapper().readTree(folder.resolve("golden/golden.json").toFile()).path("frames");
    assertThat(frames).isNotEmpty();
    try (PictureDecoder decoder = new PictureDecoder(bundle.input(), FrameLimits.DEFAULT)) {
      for (JsonNode golden : frames) {
        Encoding encoding = Encoding.valueOf(golden.path("encoding").asText());
        Path file = folder.resolve("golden").resolve(golden.path("file").asText());
        Frame frame = TestPictures.frame(encoding, Files.readAllBytes(file));
        frame.put("width", golden.path("width").asInt());
        frame.put("height", golden.path("height").asInt());
        TestPictures.Kept kept = new TestPictures.Kept(bundle.input().bytes(), 1);
        decoder.decode(frame, kept);
        byte[] expected =
            Files.readAllBytes(folder.resolve("golden").resolve(golden.path("pixels").asText()));
        assertThat(difference(kept.pictures.get(0), expected))
            .as("%s", file)
            .isLessThanOrEqualTo(encoding == Encoding.JPEG ? 1 : 0);
      }
    }
  }

  private static int difference(byte[] found, byte[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    int most = 0;
    for (int i = 0; i < found.length; i++) {
      most = Math.max(most, Math.abs((found[i] & 0xFF) - (expected[i] & 0xFF)));
    }
    return most;
  }
}

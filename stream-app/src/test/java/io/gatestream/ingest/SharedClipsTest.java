package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.SharedInput;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The clips that model-export decodes for training: ingest and decoder give the same times and,
 * within {@link #LEVELS}, the same pixels.
 */
class SharedClipsTest {
  private static final int LEVELS = 0;
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  static Stream<JsonNode> cases() throws Exception {
    return SharedInput.cases("clips.json");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodedClipIsTheOneOfTraining(JsonNode shared) throws Exception {
    CollectedFrames sink = new CollectedFrames();
    IngestReport report =
        new Ingest(
                IngestSettings.DEFAULT,
                List.of(VideoSource.of(file(shared.get("clip").asText()))),
                sink,
                () -> NOW,
                IngestListener.NONE)
            .run();
    assertThat(report.sources().get(0).failure()).isEmpty();

    List<Long> times = new ArrayList<>();
    shared.get("times").forEach(time -> times.add(time.asLong()));
    assertThat(sink.frames()).extracting(Frame::getSourceTime).isEqualTo(times);

    InputSpec input = SharedInput.parse(shared.get("input"));
    try (PictureDecoder decoder = new PictureDecoder(input, FrameLimits.DEFAULT)) {
      for (Map.Entry<String, JsonNode> expected : shared.get("frames").properties()) {
        Place place = new Place(input.bytes());
        decoder.decode(sink.frames().get(Integer.parseInt(expected.getKey())), place);
        byte[] rgb = Base64.getDecoder().decode(expected.getValue().asText());
        assertThat(levels(rgb, place.pixels))
            .as("levels apart at frame %s", expected.getKey())
            .isLessThanOrEqualTo(LEVELS);
      }
    }
  }

  private static Path file(String clip) throws Exception {
    return clip.contains("/")
        ? Path.of(clip)
        : Path.of(SharedClipsTest.class.getResource("/pictures/" + clip).toURI());
  }

  private static int levels(byte[] expected, ByteBuffer pixels) {
    int most = 0;
    for (int i = 0; i < expected.length; i++) {
      most = Math.max(most, Math.abs((expected[i] & 0xFF) - (pixels.get(i) & 0xFF)));
    }
    return most;
  }

  /** Holds one picture. */
  private static final class Place implements PictureSink {
    private final ByteBuffer pixels;

    Place(int bytes) {
      pixels = ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
      return Optional.of(pixels);
    }

    @Override
    public void filled(int index) {}
  }
}

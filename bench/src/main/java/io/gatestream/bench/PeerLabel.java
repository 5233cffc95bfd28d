package io.gatestream.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.schema.FrameLabel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A label of anybody: Avro by Gatestream, JSON by the others.
 *
 * @param captureMicros of its frame, since the epoch
 * @param scores by label
 */
record PeerLabel(String stream, long sequence, long captureMicros, Map<String, Double> scores) {
  private static final LabelCodec AVRO = new LabelCodec();
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Reads a record's value.
   *
   * @throws OutageException it is neither
   */
  static PeerLabel of(byte[] value) {
    try {
      return value.length > 0 && value[0] == '{' ? ofJson(value) : ofAvro(value);
    } catch (FrameDecodeException | IOException e) {
      throw new OutageException("a label cannot be read: " + e.getMessage(), e);
    }
  }

  private static PeerLabel ofAvro(byte[] value) throws FrameDecodeException {
    FrameLabel label = AVRO.decode(value);
    Map<String, Double> scores = new LinkedHashMap<>();
    label
        .getScores()
        .forEach(score -> scores.put(score.getLabel().toString(), (double) score.getScore()));
    return new PeerLabel(
        label.getStreamId().toString(),
        label.getSequence(),
        Micros.of(label.getCaptureTime()),
        scores);
  }

  private static PeerLabel ofJson(byte[] value) throws IOException {
    JsonNode label = JSON.readTree(value);
    Map<String, Double> scores = new LinkedHashMap<>();
    label
        .path("scores")
        .forEach(score -> scores.put(score.path("label").asText(), score.path("score").asDouble()));
    return new PeerLabel(
        label.path("streamId").asText(),
        label.path("sequence").asLong(),
        label.path("captureTime").asLong(),
        scores);
  }
}

package io.gatestream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.labels.ReadLabel;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import java.io.UncheckedIOException;
import java.util.List;

/** Labels as JSON, one object a line: where the record lies, then every field of the label. */
final class LabelJson implements LabelFormat {
  private final ObjectMapper mapper = new ObjectMapper();

  @Override
  public List<String> lines(List<ReadLabel> labels) {
    return labels.stream().map(this::line).toList();
  }

  private String line(ReadLabel read) {
    FrameLabel label = read.label();
    ObjectNode json = mapper.createObjectNode();
    json.put("partition", read.partition());
    json.put("offset", read.offset());
    json.put("streamId", label.getStreamId());
    json.put("session", LabelFormat.time(label.getSession()));
    json.put("sequence", label.getSequence());
    json.put("captureTime", LabelFormat.time(label.getCaptureTime()));
    json.put("sourceTime", label.getSourceTime());
    ArrayNode scores = json.putArray("scores");
    for (LabelScore score : label.getScores()) {
      scores.addObject().put("label", score.getLabel()).put("score", score.getScore());
    }
    json.putObject("model")
        .put("name", label.getModel().getName())
        .put("version", label.getModel().getVersion())
        .put("fingerprint", label.getModel().getFingerprint());
    json.put("framesSinceReset", label.getFramesSinceReset());
    json.put("reset", label.getReset().name());
    json.put("duplicates", label.getDuplicates());
    json.put("skipped", label.getSkipped());
    json.put("rejected", label.getRejected());
    ArrayNode active = json.putArray("active");
    label.getActive().forEach(active::add);
    try {
      return mapper.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}

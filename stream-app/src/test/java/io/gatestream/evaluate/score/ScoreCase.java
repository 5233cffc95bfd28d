package io.gatestream.evaluate.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.frame.Micros;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A fixture that src/test/python/score_fixtures.py wrote. */
record ScoreCase(JsonNode json) {
  static final List<String> NAMES =
      List.of(
          "single-label",
          "background",
          "ties",
          "absent-classes",
          "some-empty-truth",
          "only-empty-truth",
          "one-stream",
          "truth-with-holes",
          "perfectly-quiet",
          "multi-label",
          "multi-label-ties-background-absent");

  private static final Instant START = Instant.parse("2026-11-01T09:30:00Z");

  static ScoreCase read(String name) {
    try (InputStream in = ScoreCase.class.getResourceAsStream("/score/" + name + ".json")) {
      return new ScoreCase(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  Classes classes() {
    List<String> labels = new ArrayList<>();
    json.get("labels").forEach(label -> labels.add(label.textValue()));
    Map<String, Double> thresholds = new HashMap<>();
    json.get("thresholds")
        .properties()
        .forEach(field -> thresholds.put(field.getKey(), field.getValue().doubleValue()));
    return new Classes(
        labels,
        Optional.ofNullable(json.get("background").textValue()),
        json.get("multiLabel").booleanValue(),
        thresholds);
  }

  /** The truth, by way of a file. */
  Truth truth() {
    try {
      Path file = Files.createTempFile("truth", ".json");
      try {
        Files.writeString(file, json.get("truth").toString());
        return Truth.readOverlapping(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The labels of all streams, best score first as a topic holds them. */
  List<FrameLabel> labels() {
    Classes classes = classes();
    List<FrameLabel> labels = new ArrayList<>();
    for (JsonNode stream : json.get("streams")) {
      for (int frame = 0; frame < stream.get("times").size(); frame++) {
        labels.add(
            label(
                classes,
                stream.get("stream").textValue(),
                frame,
                stream.get("times").get(frame).longValue(),
                stream.get("scores").get(frame)));
      }
    }
    return labels;
  }

  private static FrameLabel label(
      Classes classes, String stream, int frame, long time, JsonNode values) {
    List<LabelScore> scores =
        IntStream.range(0, classes.count())
            .mapToObj(
                label ->
                    new LabelScore(
                        classes.labels().get(label), (float) values.get(label).doubleValue()))
            .sorted(Comparator.comparingDouble((LabelScore score) -> -score.getScore()))
            .toList();
    return FrameLabel.newBuilder()
        .setStreamId(stream)
        .setSession(START)
        .setSequence(frame)
        .setCaptureTime(START.plusNanos(time * 1000))
        .setSourceTime(time)
        .setScores(scores)
        .setModel(new ModelId("test", "1", "abc"))
        .setFramesSinceReset(frame + 1L)
        .setReset(frame == 0 ? Reset.FIRST_FRAME : Reset.NONE)
        .setDuplicates(0)
        .setSkipped(0)
        .setRejected(0)
        .build();
  }

  List<ScoredStream> streams() {
    LabelCollector collector = new LabelCollector(classes());
    labels().forEach(collector::add);
    return collector.streams();
  }

  Evaluation evaluation() {
    return Evaluation.of(truth(), classes(), streams());
  }

  /** A label as the fixtures' are, of one score for each of {@code classes}. */
  static FrameLabel label(Classes classes, String stream, int frame, long time, float... scores) {
    return label(classes, stream, frame, time, new ObjectMapper().valueToTree(scores));
  }

  /** The session at which all fixtures start. */
  static long startMicros() {
    return Micros.of(START);
  }
}

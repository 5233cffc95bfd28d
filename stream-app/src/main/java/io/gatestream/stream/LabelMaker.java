package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.Micros;
import io.gatestream.frame.SingleObjectHeader;
import io.gatestream.frame.ValueWriter;
import io.gatestream.model.Classifier;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.Scores;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamProgress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Makes the label of a frame from its logits and where its stream is. Thread-safe. */
final class LabelMaker {
  private final SingleObjectHeader header = new SingleObjectHeader(FrameLabel.getClassSchema());
  private final byte[][] names;
  private final byte[][] model;

  /** The number in the schema of each reset. */
  private final Map<Reset, Integer> resets = new EnumMap<>(Reset.class);

  private final Classifier classifier;
  private final int scoreLimit;

  LabelMaker(ModelBundle bundle, int scoreLimit) {
    this.names = bundle.labels().stream().map(LabelMaker::utf8).toArray(byte[][]::new);
    for (Reset reset : Reset.values()) {
      resets.put(reset, Reset.getClassSchema().getEnumOrdinal(reset.name()));
    }
    this.model =
        Stream.of(bundle.name(), bundle.version(), bundle.bundleFingerprint())
            .map(LabelMaker::utf8)
            .toArray(byte[][]::new);
    this.classifier = new Classifier(bundle.activation(), bundle.temperature());
    this.scoreLimit = scoreLimit;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /**
   * The label as a record value, an Avro single object of {@link FrameLabel}; times are
   * microseconds.
   *
   * @param picture number within the record
   * @param logits finite
   */
  byte[] encode(
      Frame frame,
      int picture,
      long captureTime,
      long sourceTime,
      Decision.Step decision,
      float[] logits) {
    Scores scores = classifier.classify(logits);
    return header.value(
        out -> write(frame, picture, captureTime, sourceTime, decision, scores, out));
  }

  private void write(
      Frame frame,
      int picture,
      long captureTime,
      long sourceTime,
      Decision.Step decision,
      Scores scores,
      ValueWriter out) {
    StreamProgress after = decision.after();
    int count = Math.min(scoreLimit, scores.size());
    out.string(frame.getStreamId());
    out.number(Micros.of(frame.getSession()));
    out.number(frame.getSequence() + picture);
    out.number(captureTime);
    out.number(sourceTime);
    out.beginArray(count);
    for (int rank = 0; rank < count; rank++) {
      out.bytes(names[scores.label(rank)]);
      out.float32(scores.score(rank));
    }
    out.endArray();
    for (byte[] part : model) {
      out.bytes(part);
    }
    out.number(after.framesSinceReset());
    out.number(Objects.requireNonNull(resets.get(decision.reset())));
    out.number(after.duplicates());
    out.number(after.skipped());
    out.number(after.rejected());
  }
}

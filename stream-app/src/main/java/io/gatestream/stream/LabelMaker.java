package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.Micros;
import io.gatestream.frame.SingleObjectHeader;
import io.gatestream.frame.ValueWriter;
import io.gatestream.model.Classifier;
import io.gatestream.model.ModelBundle;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamProgress;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** Makes the label of a frame from its logits and where its stream is. Thread-safe. */
final class LabelMaker {
  /** Of what is written besides model and scores: 8 numbers, the stream id. */
  private static final int FIELDS = 160;

  /** Of a score besides its label: a float, a length. */
  private static final int SCORE = 9;

  private static final Schema RESETS = Reset.getClassSchema();

  private final SingleObjectHeader header = new SingleObjectHeader(FrameLabel.getClassSchema());
  private final byte[][] names;
  private final byte[][] model;
  private final int longestName;
  private final Classifier classifier;
  private final int scoreLimit;

  LabelMaker(ModelBundle bundle, int scoreLimit) {
    this.names = bundle.labels().stream().map(LabelMaker::utf8).toArray(byte[][]::new);
    this.longestName = Stream.of(names).mapToInt(name -> name.length).max().orElse(0);
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
    StreamProgress after = decision.after();
    List<Classifier.Score> scores = classifier.classify(logits);
    int count = Math.min(scoreLimit, scores.size());
    ValueWriter out = header.write(FIELDS + count * (longestName + SCORE));
    out.string(frame.getStreamId());
    out.number(Micros.of(frame.getSession()));
    out.number(frame.getSequence() + picture);
    out.number(captureTime);
    out.number(sourceTime);
    out.beginArray(count);
    for (Classifier.Score score : scores.subList(0, count)) {
      out.bytes(names[score.label()]);
      out.float32(score.score());
    }
    out.endArray();
    for (byte[] part : model) {
      out.bytes(part);
    }
    out.number(after.framesSinceReset());
    out.number(RESETS.getEnumOrdinal(decision.reset().name()));
    out.number(after.duplicates());
    out.number(after.skipped());
    out.number(after.rejected());
    return out.bytes();
  }
}

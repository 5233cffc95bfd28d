package io.gatestream.stream;

import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.model.Classifier;
import io.gatestream.model.ModelBundle;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import java.util.List;

/** Makes the label of a frame from its logits and where its stream is. Thread-safe. */
final class LabelMaker {
  private final List<String> names;
  private final ModelId model;
  private final Classifier classifier;
  private final int scoreLimit;
  private final LabelCodec codec = new LabelCodec();

  LabelMaker(ModelBundle bundle, int scoreLimit) {
    this.names = bundle.labels();
    this.model = new ModelId(bundle.name(), bundle.version(), bundle.bundleFingerprint());
    this.classifier = Classifier.of(bundle);
    this.scoreLimit = scoreLimit;
  }

  /**
   * The label as a record value; times are microseconds.
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
    List<LabelScore> scores =
        classifier.classify(logits).stream()
            .limit(scoreLimit)
            .map(score -> new LabelScore(names.get(score.label()), score.score()))
            .toList();
    return codec.encode(
        FrameLabel.newBuilder()
            .setStreamId(frame.getStreamId())
            .setSession(frame.getSession())
            .setSequence(frame.getSequence() + picture)
            .setCaptureTime(Micros.instant(captureTime))
            .setSourceTime(sourceTime)
            .setScores(scores)
            .setModel(model)
            .setFramesSinceReset(after.framesSinceReset())
            .setReset(decision.reset())
            .setDuplicates(after.duplicates())
            .setSkipped(after.skipped())
            .setRejected(after.rejected())
            .build());
  }
}

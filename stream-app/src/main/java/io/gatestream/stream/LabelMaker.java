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
import io.gatestream.stream.events.OpenEvent;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamProgress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
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
  private final boolean events;

  private final boolean thresholded;

  /** By label index, 2 where the label has none. */
  private final double[] thresholds;

  /** By name. */
  private final Map<String, byte[]> eventNames = new HashMap<>();

  /**
   * Creates it.
   *
   * @param events whether the classes that are on are those with an open event; else they are those
   *     that reach their threshold
   */
  LabelMaker(ModelBundle bundle, int scoreLimit, boolean events) {
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
    this.events = events;
    this.thresholded = !bundle.thresholds().isEmpty();
    this.thresholds =
        bundle.labels().stream()
            .mapToDouble(label -> bundle.thresholds().getOrDefault(label, 2.0))
            .toArray();
    for (int label = 0; label < names.length; label++) {
      eventNames.put(bundle.labels().get(label), names[label]);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /**
   * The scores of a frame.
   *
   * @param logits finite
   */
  Scores classify(float[] logits) {
    return classifier.classify(logits);
  }

  /**
   * The label as a record value, an Avro single object of {@link FrameLabel}; times are
   * microseconds.
   *
   * @param picture number within the record
   * @param open the stream's events after this frame
   */
  byte[] encode(
      Frame frame,
      int picture,
      long captureTime,
      long sourceTime,
      Decision.Step decision,
      Scores scores,
      StreamEvents open) {
    List<byte[]> active = events ? active(open) : active(scores);
    return header.value(
        out -> write(frame, picture, captureTime, sourceTime, decision, scores, active, out));
  }

  private List<byte[]> active(StreamEvents open) {
    List<byte[]> active = new ArrayList<>(0);
    for (OpenEvent event : open.open()) {
      byte[] name = event.isOn() ? eventNames.get(event.label()) : null;
      if (name != null) {
        active.add(name);
      }
    }
    return active;
  }

  private List<byte[]> active(Scores scores) {
    if (!thresholded) {
      return List.of();
    }
    BitSet reached = new BitSet();
    for (int rank = 0; rank < scores.size(); rank++) {
      int label = scores.label(rank);
      reached.set(label, scores.score(rank) >= thresholds[label]);
    }
    return reached.stream().mapToObj(label -> names[label]).toList();
  }

  private void write(
      Frame frame,
      int picture,
      long captureTime,
      long sourceTime,
      Decision.Step decision,
      Scores scores,
      List<byte[]> active,
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
    out.beginArray(active.size());
    for (byte[] name : active) {
      out.bytes(name);
    }
    out.endArray();
  }
}

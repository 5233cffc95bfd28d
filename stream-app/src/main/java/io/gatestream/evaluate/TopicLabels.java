package io.gatestream.evaluate;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.DataException;
import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.RunFacts;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.labels.RejectedRecords;
import io.gatestream.model.EventRules;
import io.gatestream.model.EventRulesReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.text.Interrupts;
import io.gatestream.text.ProgressLine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The committed labels of a topic, read to the ends that it has when the reading starts. */
public final class TopicLabels {
  private final String name;
  private final KafkaAccess access;
  private final String topic;
  private final TopicRange range;
  private final Truth truth;
  private final Side side;
  private final ProgressLine progress;
  private @Nullable Instant first;
  private @Nullable Instant last;

  /**
   * What is known beside the labels.
   *
   * @param bundle that made them
   * @param rulesFile event rules in place of the bundle's
   * @param multiLabel where there is no bundle to tell
   * @param rejected the topic of the rejected frames
   * @param frames the topic of the frames, for pictures
   */
  public record Side(
      Optional<ModelBundle> bundle,
      Optional<Path> rulesFile,
      boolean multiLabel,
      Optional<String> rejected,
      Optional<String> frames) {}

  public TopicLabels(
      String name,
      KafkaAccess access,
      String topic,
      TopicRange range,
      Truth truth,
      Side side,
      ProgressLine progress) {
    this.name = name;
    this.access = access;
    this.topic = topic;
    this.range = range;
    this.truth = truth;
    this.side = side;
    this.progress = progress;
  }

  /** Reads them; nothing where it was interrupted. */
  public Optional<EvaluatedRun> read(Interrupts interrupts) {
    Optional<Classes> classes = side.bundle().map(BundleClasses::of).or(() -> named(interrupts));
    if (classes.isEmpty()) {
      if (interrupts.isRequested()) {
        return Optional.empty();
      }
      throw new DataException(
          "topic '%s' has no labels in this range and of these streams".formatted(topic));
    }
    GatheredLabels gathered =
        new GatheredLabels(classes.get(), rules(), new Accuracy(truth), range.fromBeginning());
    TopicRange.Unread unread =
        range.read(access, topic, interrupts::isRequested, label -> take(label, gathered));
    if (interrupts.isRequested()) {
      return Optional.empty();
    }
    List<RejectedRecord> rejected = rejected();
    return Optional.of(
        gathered.run(
            name,
            new RunFacts(
                OptionalLong.empty(),
                AccountTable.reasons(rejected),
                Double.NaN,
                Double.NaN,
                rate(gathered.labels())),
            notes(gathered, unread),
            rejected,
            Map.of(),
            side.frames()
                .<FramePictures>map(frames -> new TopicPictures(access, frames))
                .orElse(FramePictures.NONE)));
  }

  private EventRules rules() {
    return side.bundle()
        .map(
            bundle ->
                EventRulesReader.inForce(bundle, new RunConfig.Events(true, side.rulesFile())))
        .orElse(EventRules.NONE);
  }

  private void take(FrameLabel label, GatheredLabels gathered) {
    Instant captured = label.getCaptureTime();
    first = first == null || captured.isBefore(first) ? captured : first;
    last = last == null || captured.isAfter(last) ? captured : last;
    gathered.add(label);
    progress.count("topic " + topic, gathered.labels(), System.nanoTime());
  }

  /** Labels over the capture time that they span. */
  private double rate(long labels) {
    if (first == null || last == null || !first.isBefore(last)) {
      return Double.NaN;
    }
    return labels / (Duration.between(first, last).toNanos() / 1e9);
  }

  /** Every class that a label names, by name: the order of the logits is not in the labels. */
  private Optional<Classes> named(Interrupts interrupts) {
    SortedSet<String> names = new TreeSet<>();
    range.read(
        access,
        topic,
        interrupts::isRequested,
        label -> {
          for (LabelScore score : label.getScores()) {
            names.add(score.getLabel());
          }
        });
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Classes(List.copyOf(names), Optional.empty(), side.multiLabel(), Map.of()));
  }

  private List<String> notes(GatheredLabels gathered, TopicRange.Unread unread) {
    List<String> notes = new ArrayList<>();
    if (unread.unparsable() > 0) {
      notes.add("topic '%s': %d records are no labels".formatted(topic, unread.unparsable()));
    }
    for (int partition : unread.cut()) {
      notes.add(
          "topic '%s' no longer has the first records of partition %d, by retention or deletion: labels of the range may be among them"
              .formatted(topic, partition));
    }
    side.bundle()
        .filter(bundle -> !gathered.fingerprints().isEmpty())
        .filter(bundle -> !gathered.fingerprints().contains(bundle.bundleFingerprint()))
        .ifPresent(
            bundle ->
                notes.add(
                    "topic '%s': its labels were made by %s, none by the bundle %s; that one's classes and thresholds are used all the same"
                        .formatted(topic, String.join(", ", gathered.models()), bundle.folder())));
    return notes;
  }

  private List<RejectedRecord> rejected() {
    return side
        .rejected()
        .map(from -> RejectedRecords.read(access, from, range.from()))
        .orElse(List.of())
        .stream()
        .filter(frame -> range.beforeEnd(frame.timestamp()))
        .filter(frame -> frame.stream().isEmpty() || range.streams().test(frame.stream().get()))
        .toList();
  }
}

package io.gatestream.evaluate;

import io.gatestream.evaluate.report.StreamTimeline.Mark;
import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.LabelCollector;
import io.gatestream.evaluate.score.RunFacts;
import io.gatestream.frame.Micros;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.model.EventRules;
import io.gatestream.schema.FrameLabel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Labels on their way to the scores, and what must be said of them. Used by one thread. */
final class GatheredLabels {
  private final Classes classes;
  private final EventRules rules;
  private final LabelCollector collector;
  private final LabelGaps gaps;
  private final Accuracy accuracy;
  private final boolean whole;
  private final Map<String, Counts> before = new HashMap<>();
  private final Map<String, List<Part>> parts = new HashMap<>();
  private final Map<String, List<Mark>> marks = new HashMap<>();
  private final Map<String, Removed> removed = new TreeMap<>();
  private final SortedSet<String> models = new TreeSet<>();
  private final SortedSet<String> fingerprints = new TreeSet<>();
  private long labels;

  /** A stream's running counts at the start of the range. */
  private record Counts(long duplicates, long skipped, long rejected) {}

  /** A session of a stream: capture time - shift = source time, in microseconds. */
  private record Part(String name, Instant session, long firstCapture, long shift) {}

  /** Labels of a stream that are no longer in the topic. */
  private record Removed(long labels, double firstSeconds) {}

  /**
   * Creates it.
   *
   * @param rules for events
   * @param accuracy counts them as the demo does
   * @param whole whether the labels begin with each stream's first. If not, running counts are
   *     counted from the first label on.
   */
  GatheredLabels(Classes classes, EventRules rules, Accuracy accuracy, boolean whole) {
    this.classes = classes;
    this.rules = rules;
    this.collector = new LabelCollector(classes);
    this.gaps = new LabelGaps(whole);
    this.accuracy = accuracy;
    this.whole = whole;
  }

  /** Takes the next label of its stream over. */
  void add(FrameLabel label) {
    labels++;
    models.add("%s %s".formatted(label.getModel().getName(), label.getModel().getVersion()));
    fingerprints.add(label.getModel().getFingerprint());
    Part part = part(label);
    gaps.add(label).ifPresent(gap -> missing(gap, label, part));
    accuracy.add(label);
    collector.add(whole ? label : sinceStart(label));
  }

  /** Sessions become parts as they do in the collector. */
  private Part part(FrameLabel label) {
    List<Part> known = parts.computeIfAbsent(label.getStreamId(), stream -> new ArrayList<>());
    if (known.isEmpty() || !known.get(known.size() - 1).session().equals(label.getSession())) {
      int number = known.size() + 1;
      long capture = Micros.of(label.getCaptureTime());
      known.add(
          new Part(
              number == 1 ? label.getStreamId() : "%s#%d".formatted(label.getStreamId(), number),
              label.getSession(),
              capture,
              capture - label.getSourceTime()));
    }
    return known.get(known.size() - 1);
  }

  private void missing(LabelGaps.Gap gap, FrameLabel label, Part part) {
    double seconds = label.getSourceTime() / 1e6;
    if (gap.kind() == LabelGaps.Kind.LABELS) {
      removed.merge(
          label.getStreamId(),
          new Removed(gap.least(), seconds),
          (all, more) -> new Removed(all.labels() + more.labels(), all.firstSeconds()));
      mark(
          part, seconds, "missing", "at least %d labels are missing before".formatted(gap.least()));
    } else {
      mark(part, seconds, "missing", "%d frames never came in before".formatted(gap.least()));
    }
  }

  private void mark(Part part, double seconds, String kind, String text) {
    marks
        .computeIfAbsent(part.name(), name -> new ArrayList<>())
        .add(new Mark(seconds, kind, text));
  }

  /** The label with running counts from the range's first label of the stream on. */
  private FrameLabel sinceStart(FrameLabel label) {
    Counts start =
        before.computeIfAbsent(
            label.getStreamId(),
            stream -> new Counts(label.getDuplicates(), label.getSkipped(), label.getRejected()));
    return FrameLabel.newBuilder(label)
        .setDuplicates(label.getDuplicates() - start.duplicates())
        .setSkipped(label.getSkipped() - start.skipped())
        .setRejected(label.getRejected() - start.rejected())
        .build();
  }

  /**
   * The run that these are the labels of.
   *
   * @param notes beside those of the labels
   * @param sent frames sent by stream, empty where that is not known
   */
  EvaluatedRun run(
      String name,
      RunFacts facts,
      List<String> notes,
      List<RejectedRecord> rejected,
      Map<String, Long> sent,
      FramePictures pictures) {
    List<String> all = notes();
    all.addAll(notes);
    return new EvaluatedRun(
        name,
        models(),
        classes,
        rules,
        collector.streams(),
        facts,
        accuracy.total(),
        all,
        rejected,
        marks(rejected),
        sent,
        pictures);
  }

  long labels() {
    return labels;
  }

  List<String> models() {
    return List.copyOf(models);
  }

  SortedSet<String> fingerprints() {
    return fingerprints;
  }

  /** Marks by scored stream: what is missing, and the rejected frames of streams with labels. */
  private Map<String, List<Mark>> marks(Collection<RejectedRecord> rejected) {
    Map<String, List<Mark>> all = new HashMap<>();
    marks.forEach((name, list) -> all.put(name, new ArrayList<>(list)));
    for (RejectedRecord frame : rejected) {
      List<Part> known = parts.getOrDefault(frame.stream().orElse(""), List.of());
      if (!known.isEmpty()) {
        long captured = TimeUnit.MILLISECONDS.toMicros(frame.timestamp());
        Part part =
            known.stream()
                .filter(one -> one.firstCapture() <= captured)
                .reduce((first, second) -> second)
                .orElse(known.get(0));
        all.computeIfAbsent(part.name(), name -> new ArrayList<>())
            .add(
                new Mark(
                    Math.max(0, captured - part.shift()) / 1e6,
                    "rejected",
                    "rejected: " + frame.reason()));
      }
    }
    return all;
  }

  /** What could not be used, a sentence each. */
  private List<String> notes() {
    List<String> notes = new ArrayList<>(collector.notes());
    if (fingerprints.size() > 1) {
      notes.add(
          "the labels come from %d bundles and are scored together: %s"
              .formatted(fingerprints.size(), String.join(", ", models)));
    }
    removed.forEach(
        (stream, gone) ->
            notes.add(
                "stream '%s': at least %d labels are no longer in the topic, the first of them before %.3f s: it was compacted or cut by retention"
                    .formatted(stream, gone.labels(), gone.firstSeconds())));
    return notes;
  }
}

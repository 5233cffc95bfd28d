package io.gatestream.evaluate.report;

import io.gatestream.evaluate.report.StreamTimeline.Curve;
import io.gatestream.evaluate.report.StreamTimeline.Mark;
import io.gatestream.evaluate.report.StreamTimeline.Stretch;
import io.gatestream.evaluate.report.StreamTimeline.Track;
import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.EvaluationDetails;
import io.gatestream.evaluate.score.EvaluationDetails.Timeline;
import io.gatestream.evaluate.score.ScoredFrame;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes the timelines of all streams that every run has. Used by one thread. */
final class Timelines {
  /** Points of one stream's curves. */
  private static final int MOST_POINTS = 1_000;

  private static final int LEAST_POINTS = 200;

  /** Points of all streams together: so a page of hundreds of streams still opens. */
  private static final int ALL_POINTS = 150_000;

  /** Curves of one stream: more cannot be told apart. */
  private static final int MOST_CURVES = 12;

  private static final float LEAST_SCORE = 0.05f;

  private final Truth truth;
  private final List<String> labels;
  private final List<ReportInput> runs;

  Timelines(Truth truth, List<String> labels, List<ReportInput> runs) {
    this.truth = truth;
    this.labels = labels;
    this.runs = runs;
  }

  /** The timelines, in the order of the first run's. */
  List<StreamTimeline> make(List<EvaluationDetails> details) {
    List<Map<String, Timeline>> timelines =
        details.stream()
            .map(
                one ->
                    one.timelines().stream()
                        .collect(Collectors.toMap(Timeline::stream, Function.identity())))
            .toList();
    List<Map<String, ScoredStream>> scored =
        runs.stream()
            .map(
                run ->
                    run.streams().stream()
                        .collect(Collectors.toMap(ScoredStream::name, Function.identity())))
            .toList();
    List<String> names =
        details.get(0).timelines().stream()
            .map(Timeline::stream)
            .filter(name -> timelines.stream().allMatch(run -> run.containsKey(name)))
            .toList();
    int points =
        Math.max(LEAST_POINTS, Math.min(MOST_POINTS, ALL_POINTS / Math.max(1, names.size())));
    List<StreamTimeline> made = new ArrayList<>();
    for (String name : names) {
      List<Track> tracks = new ArrayList<>();
      for (int run = 0; run < runs.size(); run++) {
        tracks.add(
            track(runs.get(run), of(scored.get(run), name), of(timelines.get(run), name), points));
      }
      made.add(
          new StreamTimeline(
              name, truth(of(scored.get(0), name), of(timelines.get(0), name)), tracks));
    }
    return made;
  }

  private static <T> T of(Map<String, T> byName, String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  /** As the file has it; where it says nothing the background is true. */
  private List<Stretch> truth(ScoredStream stream, Timeline timeline) {
    List<Stretch> stretches =
        truth
            .nameOf(stream.stream(), stream.part())
            .map(truth::intervals)
            .orElse(List.of())
            .stream()
            .map(
                one -> new Stretch(labels.indexOf(one.label()), one.start() / 1e6, one.end() / 1e6))
            .toList();
    return withBackground(stretches, timeline, stream.classes());
  }

  private List<Stretch> predicted(Timeline timeline, Classes classes) {
    List<Stretch> stretches =
        timeline.predicted().stream()
            .map(
                one ->
                    new Stretch(labels.indexOf(one.label()), one.startSeconds(), one.endSeconds()))
            .toList();
    return withBackground(stretches, timeline, classes);
  }

  /** Stretches by start; of a single-label model what lies between them is the background. */
  private List<Stretch> withBackground(
      List<Stretch> stretches, Timeline timeline, Classes classes) {
    Optional<String> background = classes.background();
    if (classes.multiLabel() || background.isEmpty()) {
      return stretches;
    }
    int label = labels.indexOf(background.get());
    List<Stretch> filled = new ArrayList<>();
    double reached = timeline.startSeconds();
    for (Stretch stretch : stretches) {
      if (stretch.start() > reached) {
        filled.add(new Stretch(label, reached, stretch.start()));
      }
      filled.add(stretch);
      reached = Math.max(reached, stretch.end());
    }
    if (timeline.endSeconds() > reached) {
      filled.add(new Stretch(label, reached, timeline.endSeconds()));
    }
    return filled;
  }

  private Track track(ReportInput run, ScoredStream stream, Timeline timeline, int points) {
    List<ScoredFrame> frames = stream.frames();
    int every = Math.max(1, (frames.size() + points - 1) / points);
    List<ScoredFrame> kept =
        IntStream.range(0, frames.size())
            .filter(i -> i % every == 0)
            .mapToObj(frames::get)
            .toList();
    List<Mark> marks = new ArrayList<>(run.marks().getOrDefault(stream.name(), List.of()));
    for (ScoredFrame frame : frames) {
      if (frame.reset() != Reset.NONE) {
        marks.add(new Mark(frame.sourceTime() / 1e6, "reset", "reset: " + frame.reset()));
      }
    }
    marks.sort(Comparator.comparingDouble(Mark::seconds));
    return new Track(
        frames.size(),
        every,
        predicted(timeline, stream.classes()),
        kept.stream().map(frame -> Math.round(frame.sourceTime() / 1e3) / 1e3).toList(),
        curves(kept, stream.classes()),
        marks);
  }

  private List<Curve> curves(List<ScoredFrame> frames, Classes classes) {
    Map<Integer, Float> best =
        IntStream.range(0, classes.count())
            .boxed()
            .collect(Collectors.toMap(Function.identity(), label -> best(frames, label)));
    return best.entrySet().stream()
        .filter(entry -> entry.getValue() >= LEAST_SCORE)
        .sorted(
            Map.Entry.<Integer, Float>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_CURVES)
        .map(Map.Entry::getKey)
        .sorted()
        .map(label -> curve(frames, label, classes))
        .toList();
  }

  private static float best(List<ScoredFrame> frames, int label) {
    float best = 0;
    for (ScoredFrame frame : frames) {
      best = Math.max(best, Float.isNaN(frame.score(label)) ? 0 : frame.score(label));
    }
    return best;
  }

  private Curve curve(List<ScoredFrame> frames, int label, Classes classes) {
    return new Curve(
        labels.indexOf(classes.labels().get(label)),
        frames.stream().map(frame -> Math.round(1000 * frame.score(label))).toList());
  }
}

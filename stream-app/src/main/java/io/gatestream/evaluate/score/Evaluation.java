package io.gatestream.evaluate.score;

import io.gatestream.evaluate.truth.Truth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Labels held against the truth and scored. Immutable.
 *
 * <p>What cannot be scored is left out and told in the notes of the metrics: streams without truth
 * or without labels, overlaps in the truth of a single-label model, stretches without frames,
 * classes that the model does not have, average precision on scores that were cut off.
 */
public final class Evaluation {
  private final Classes classes;
  private final List<AlignedStream> streams;
  private final Scoreboard board;
  private final ClassScores scores;
  private final Metrics metrics;

  private Evaluation(
      Classes classes, List<AlignedStream> streams, Account account, List<String> notes) {
    this.classes = classes;
    this.streams = streams;
    this.board = new Scoreboard(classes, streams);
    this.scores = ClassScores.of(classes, streams, board.truncated());
    List<String> all = new ArrayList<>(notes);
    if (board.truncated()) {
      all.add(
          "average precision is refused: labels hold only their best scores of %d classes; let the run emit all of them"
              .formatted(classes.count()));
    }
    this.metrics = new ScoreSheet(classes, streams, board, scores).make(account, all);
  }

  /** Scores labels that were read with nothing else known of their run. */
  public static Evaluation of(Truth truth, Classes classes, List<ScoredStream> streams) {
    return of(truth, classes, streams, RunFacts.NONE, List.of());
  }

  /**
   * Scores labels.
   *
   * @param streams of {@code classes}, each name once, in any order
   * @param notes to put before those of the evaluation, such as {@link LabelCollector#notes}
   */
  public static Evaluation of(
      Truth truth,
      Classes classes,
      List<ScoredStream> streams,
      RunFacts facts,
      List<String> notes) {
    List<String> all = new ArrayList<>(notes);
    Set<String> read =
        streams.stream()
            .flatMap(stream -> truth.nameOf(stream.stream(), stream.part()).stream())
            .collect(Collectors.toSet());
    for (String stream : new TreeSet<>(truth.streams())) {
      if (!read.contains(stream)) {
        all.add("the truth names stream '%s', which has no labels".formatted(stream));
      }
    }
    Alignment alignment = new Alignment(truth);
    List<AlignedStream> aligned = new ArrayList<>();
    for (ScoredStream stream : sorted(streams)) {
      if (truth.nameOf(stream.stream(), stream.part()).isPresent()) {
        aligned.add(alignment.align(stream));
      } else {
        all.add(
            "stream '%s' is not in the truth: its %d labels are not scored"
                .formatted(stream.name(), stream.frames().size()));
      }
    }
    all.addAll(alignment.notes());
    return new Evaluation(classes, aligned, Account.of(streams, facts), all);
  }

  private static List<ScoredStream> sorted(List<ScoredStream> streams) {
    return streams.stream()
        .sorted(Comparator.comparing(ScoredStream::stream).thenComparingInt(ScoredStream::part))
        .toList();
  }

  public Metrics metrics() {
    return metrics;
  }

  /**
   * What a report shows beside the metrics, computed anew at each call.
   *
   * @param mistakes the most that are wanted
   */
  public EvaluationDetails details(int mistakes) {
    return EvaluationDetails.of(streams, board, scores, mistakes);
  }

  /**
   * Scores events.
   *
   * @param events by the name of the scored stream
   */
  public EventMetrics events(Map<String, List<PredictedEvent>> events) {
    return events(events, new TreeSet<>(streamNames()));
  }

  /** The same of some streams alone. */
  public EventMetrics events(Map<String, List<PredictedEvent>> events, Set<String> names) {
    EventMatch match = new EventMatch();
    for (AlignedStream stream : streams) {
      String name = stream.stream().name();
      if (names.contains(name)) {
        match.add(stream, events.getOrDefault(name, List.of()));
      }
    }
    return match.metrics();
  }

  /** Names of the scored streams, in order. */
  public List<String> streamNames() {
    return streams.stream().map(stream -> stream.stream().name()).toList();
  }

  public Classes classes() {
    return classes;
  }

  List<AlignedStream> streams() {
    return streams;
  }

  Scoreboard board() {
    return board;
  }

  ClassScores scores() {
    return scores;
  }
}

package io.gatestream.evaluate.events;

import io.gatestream.errors.DataException;
import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.Evaluation;
import io.gatestream.evaluate.score.EventMetrics;
import io.gatestream.evaluate.score.PredictedEvent;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.model.EventRule;
import io.gatestream.model.EventRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Finds event rules on a truth: of all on a grid that keep the {@link Limits}, the one with the
 * best F1 at an overlap of 25 %, or with the best recall where false alarms are limited; of equal
 * ones that with fewer false alarms, then the faster one. All classes have the same. Used by one
 * thread; the grid is gone through by all cores.
 */
public final class EventTuner {
  private static final long[] SMOOTHING = {0, 200, 400, 700};
  private static final double[] ENTER = {0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8};
  private static final double[] EXIT_SHARE = {0.5, 0.75, 1};
  private static final long[] ENTER_MILLIS = {0, 100, 200, 300};
  private static final long[] EXIT_MILLIS = {0, 200, 400};
  private static final long[] MERGE_MILLIS = {0, 500, 1_000};

  /** Seconds of the curve. */
  private static final double[] DELAYS = {0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0};

  private static final int OVERLAP = 25;
  private static final int FOLDS = 5;

  private final Evaluation evaluation;
  private final List<Candidate> candidates;

  /**
   * What rules must keep.
   *
   * @param delay seconds that the median delay of START may be at most
   * @param falseAlarms an hour at most; empty where F1 weighs them
   */
  public record Limits(double delay, OptionalDouble falseAlarms) {
    private Limits withDelay(double other) {
      return new Limits(other, falseAlarms);
    }

    /** A rule that finds nothing has no delay, and is of no use. */
    private boolean keeps(EventMetrics figures) {
      return figures.startDelaySeconds().median() <= delay
          && (falseAlarms.isEmpty() || figures.falseAlarmsPerHour() <= falseAlarms.getAsDouble());
    }

    private double value(EventMetrics figures) {
      EventMetrics.Found found = figures.overlap(OVERLAP);
      double value = falseAlarms.isPresent() ? found.recall() : found.f1();
      return Double.isNaN(value) ? 0 : value;
    }
  }

  private record Candidate(EventRules rules, Map<String, List<PredictedEvent>> events) {}

  private record Scored(Candidate candidate, EventMetrics figures) {}

  /**
   * Makes the events of every rule on the grid.
   *
   * @param base whose {@code update} and {@code idle} stay
   */
  public EventTuner(Evaluation evaluation, List<ScoredStream> streams, EventRules base) {
    this.evaluation = evaluation;
    this.candidates =
        grid(evaluation.classes(), base).parallelStream()
            .map(rules -> new Candidate(rules, MadeEvents.of(streams, rules)))
            .toList();
  }

  private static List<EventRules> grid(Classes classes, EventRules base) {
    List<EventRules> grid = new ArrayList<>();
    for (long smoothing : SMOOTHING) {
      for (double enter : ENTER) {
        for (double share : EXIT_SHARE) {
          for (long enterMillis : ENTER_MILLIS) {
            for (long exitMillis : EXIT_MILLIS) {
              for (long merge : MERGE_MILLIS) {
                double exit = Math.round(enter * share * 100) / 100.0;
                grid.add(
                    rules(
                        classes,
                        base,
                        new EventRule(
                            0,
                            "",
                            smoothing * 1_000,
                            enter,
                            enterMillis * 1_000,
                            exit,
                            exitMillis * 1_000,
                            0,
                            merge * 1_000)));
              }
            }
          }
        }
      }
    }
    return grid;
  }

  private static EventRules rules(Classes classes, EventRules base, EventRule one) {
    List<EventRule> rules = new ArrayList<>();
    for (int label = 0; label < classes.count(); label++) {
      if (!classes.background().equals(Optional.of(classes.labels().get(label)))) {
        rules.add(one.of(label, classes.labels().get(label)));
      }
    }
    return new EventRules(rules, base.update(), base.idle());
  }

  /**
   * Finds the rules.
   *
   * @throws DataException nothing is true of these streams, or no rule keeps the limits
   */
  public TunedEvents tune(Limits limits) {
    Set<String> all = new HashSet<>(evaluation.streamNames());
    List<Scored> scored = scored(all);
    if (scored.get(0).figures().stretches() == 0) {
      throw new DataException("the truth has no stretch but the background: no rule can be found");
    }
    Scored best =
        best(scored, limits)
            .orElseThrow(
                () ->
                    new DataException(
                        "no rule has a median delay of START of at most %s s%s: allow more"
                            .formatted(
                                limits.delay(),
                                limits.falseAlarms().isPresent()
                                    ? " and at most %s false alarms an hour"
                                        .formatted(limits.falseAlarms().getAsDouble())
                                    : "")));
    List<TunedEvents.Point> curve = new ArrayList<>();
    for (double most : DELAYS) {
      best(scored, limits.withDelay(most))
          .ifPresent(
              point ->
                  curve.add(
                      new TunedEvents.Point(most, point.candidate().rules(), point.figures())));
    }
    return new TunedEvents(
        best.candidate().rules(), best.figures(), heldOut(limits, best.candidate()), curve);
  }

  /** Each fold's streams with the rules that the other folds' streams give. */
  private EventMetrics heldOut(Limits limits, Candidate fallback) {
    List<String> names = evaluation.streamNames();
    int folds = Math.min(FOLDS, names.size());
    if (folds < 2) {
      return evaluation.events(Map.of(), Set.of());
    }
    Map<String, List<PredictedEvent>> events = new HashMap<>();
    for (int fold = 0; fold < folds; fold++) {
      Set<String> others = new HashSet<>();
      Set<String> own = new HashSet<>();
      for (int i = 0; i < names.size(); i++) {
        (i % folds == fold ? own : others).add(names.get(i));
      }
      Candidate chosen = best(scored(others), limits).map(Scored::candidate).orElse(fallback);
      own.forEach(name -> events.put(name, chosen.events().getOrDefault(name, List.of())));
    }
    return evaluation.events(events);
  }

  private List<Scored> scored(Set<String> names) {
    return candidates.parallelStream()
        .map(candidate -> new Scored(candidate, evaluation.events(candidate.events(), names)))
        .toList();
  }

  private static Optional<Scored> best(List<Scored> scored, Limits limits) {
    return scored.stream()
        .filter(one -> limits.keeps(one.figures()))
        .min(
            Comparator.comparingDouble((Scored one) -> -limits.value(one.figures()))
                .thenComparingDouble(one -> one.figures().falseAlarmsPerHour())
                .thenComparingDouble(one -> one.figures().startDelaySeconds().median()));
  }
}

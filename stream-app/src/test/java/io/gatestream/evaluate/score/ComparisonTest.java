package io.gatestream.evaluate.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.evaluate.score.Comparison.Difference;
import io.gatestream.evaluate.score.Comparison.MetricPair;
import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final String TRUTH = "--aaaaaa--bbbb------";
  private static final String GOOD = "---aaaaa--bbbb------";
  private static final String BAD = "------------bbccc---";

  @Test
  void sameLabelsDoNotDifferAtAll() {
    Evaluation evaluation = many(6, GOOD);
    Comparison comparison = PairedBootstrap.compare(evaluation, evaluation, 7);
    assertThat(comparison.metrics())
        .filteredOn(pair -> !Double.isNaN(pair.a()))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            pair -> {
              assertThat(pair.difference()).as(pair.name()).isZero();
              assertThat(pair.low()).as(pair.name()).isZero();
              assertThat(pair.high()).as(pair.name()).isZero();
              assertThat(pair.clear()).isFalse();
            });
    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.unpairedFrames()).isZero();
  }

  @Test
  void betterLabelsAreClearlyBetterAndTheSeedFixesTheInterval() {
    Comparison comparison = PairedBootstrap.compare(many(8, BAD), many(8, GOOD), 1);
    MetricPair accuracy = pair(comparison, "frameAccuracy");
    assertThat(accuracy.clear()).isTrue();
    assertThat(accuracy.low()).isLessThanOrEqualTo(accuracy.difference()).isPositive();
    assertThat(accuracy.high()).isGreaterThanOrEqualTo(accuracy.difference());
    assertThat(pair(comparison, "falseAlarmsPerHour").higherIsBetter()).isFalse();
    assertThat(PairedBootstrap.compare(many(8, BAD), many(8, GOOD), 1)).isEqualTo(comparison);
  }

  @Test
  void intervalIsThatOfTheStreamsDifferences() {
    // one of two streams differs by one frame of four: resamples give 0, 1/8 and 1/4
    Evaluation a = evaluation(List.of("aaaa", "aaaa"), List.of("aaab", "aaaa"));
    Evaluation b = evaluation(List.of("aaaa", "aaaa"), List.of("aaaa", "aaaa"));
    MetricPair accuracy = pair(PairedBootstrap.compare(a, b, 3), "frameAccuracy");
    assertThat(accuracy.difference()).isEqualTo(0.125);
    assertThat(accuracy.low()).isZero();
    assertThat(accuracy.high()).isEqualTo(0.25);
  }

  @Test
  void oneStreamHasNoInterval() {
    Comparison comparison = PairedBootstrap.compare(many(1, BAD), many(1, GOOD), 1);
    assertThat(comparison.metrics()).allSatisfy(pair -> assertThat(pair.low()).isNaN());
    assertThat(pair(comparison, "frameAccuracy").difference()).isPositive();
  }

  @Test
  void stretchesInWhichLabelsDifferAreListed() {
    Comparison comparison =
        PairedBootstrap.compare(
            Made.evaluation("aaaabbbb", "aaaacbbb"), Made.evaluation("aaaabbbb", "aabbbbbb"), 1);
    assertThat(comparison.differences())
        .containsExactly(
            new Difference("cam", 0.2, 0.4, List.of("a"), List.of("a"), List.of("b"), 2),
            new Difference("cam", 0.4, 0.5, List.of("b"), List.of("c"), List.of("b"), 1));
  }

  @Test
  void streamsAndFramesOfOneOnlyAreLeftOutAndTold() {
    List<Interval> rows = new ArrayList<>(Made.truth("x", "aabb"));
    rows.addAll(Made.truth("y", "aabb"));
    Truth truth = Truth.of(rows);
    Evaluation a =
        Evaluation.of(
            truth, Made.CLASSES, List.of(Made.stream("x", "aabb"), Made.stream("y", "cccc")));
    Evaluation b = Evaluation.of(truth, Made.CLASSES, List.of(Made.stream("x", "aab")));
    Comparison comparison = PairedBootstrap.compare(a, b, 1);
    assertThat(comparison.streams()).containsExactly("x");
    assertThat(comparison.onlyInA()).containsExactly("y");
    assertThat(comparison.onlyInB()).isEmpty();
    assertThat(comparison.unpairedFrames()).isEqualTo(1);
    assertThat(pair(comparison, "frameAccuracy").a()).isEqualTo(1);
  }

  private static MetricPair pair(Comparison comparison, String name) {
    return comparison.metrics().stream()
        .filter(pair -> pair.name().equals(name))
        .findAny()
        .orElseThrow();
  }

  private static Evaluation many(int streams, String predicted) {
    List<String> truths = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      truths.add(TRUTH);
      labels.add(
          predicted.substring(0, 10) + predicted.substring(10).replace('c', "bc-".charAt(i % 3)));
    }
    return evaluation(truths, labels);
  }

  private static Evaluation evaluation(List<String> truths, List<String> predicted) {
    List<Interval> rows = new ArrayList<>();
    List<ScoredStream> streams = new ArrayList<>();
    for (int i = 0; i < truths.size(); i++) {
      rows.addAll(Made.truth("cam-" + i, truths.get(i)));
      streams.add(Made.stream("cam-" + i, predicted.get(i)));
    }
    return Evaluation.of(Truth.of(rows), Made.CLASSES, streams);
  }
}

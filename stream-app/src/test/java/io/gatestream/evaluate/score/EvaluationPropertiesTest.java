package io.gatestream.evaluate.score;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What must hold of all labels and truths. */
class EvaluationPropertiesTest {
  @Provide
  Arbitrary<String> letters() {
    return Arbitraries.strings().withChars("--aaabbc").ofMinLength(1).ofMaxLength(40);
  }

  @Property(tries = 100)
  void perfectPredictionScoresOneWhereverAScoreIsDefined(
      @ForAll @Size(min = 1, max = 4) List<@From("letters") String> truths) {
    Metrics metrics = evaluation(truths, truths, 0).metrics();
    assertThat(metrics.frameAccuracy()).isEqualTo(1);
    List<Double> ones = new ArrayList<>();
    ones.addAll(metrics.topK().values());
    ones.addAll(metrics.segmentF1().values());
    ones.addAll(metrics.startAP().values());
    ones.addAll(
        List.of(
            metrics.balancedAccuracy(),
            metrics.macroF1(),
            metrics.mAP(),
            metrics.mcAP(),
            metrics.editScore()));
    boolean background = truths.stream().allMatch(truth -> truth.replace("-", "").isEmpty());
    assertThat(ones)
        .filteredOn(value -> !Double.isNaN(value))
        .hasSize(background ? 3 : ones.size())
        .allSatisfy(value -> assertThat(value).isCloseTo(1, within(1e-12)));
    assertThat(metrics.detectionDelaySeconds().undetected()).isZero();
    assertThat(metrics.detectionDelaySeconds().p90()).isIn(0.0, Double.NaN);
    assertThat(metrics.falseAlarmsPerHour()).isZero();
    assertThat(metrics.notes()).isEmpty();
  }

  @Property(tries = 100)
  void orderOfStreamsChangesNothing(
      @ForAll @Size(min = 2, max = 5) List<@From("letters") String> truths,
      @ForAll @Size(min = 2, max = 5) List<@From("letters") String> predicted,
      @ForAll Random random) {
    List<ScoredStream> streams = streams(truths, predicted);
    Truth truth = truth(truths);
    Metrics metrics = Evaluation.of(truth, Made.CLASSES, streams).metrics();
    Collections.shuffle(streams, random);
    assertThat(Evaluation.of(truth, Made.CLASSES, streams).metrics()).isEqualTo(metrics);
  }

  @Property(tries = 100)
  void sharesLieBetweenZeroAndOneAndCountsAddUp(
      @ForAll @Size(min = 1, max = 4) List<@From("letters") String> truths,
      @ForAll @Size(min = 1, max = 4) List<@From("letters") String> predicted) {
    Metrics metrics = evaluation(truths, predicted, 0).metrics();
    DoubleStream.of(
            metrics.frameAccuracy(),
            metrics.balancedAccuracy(),
            metrics.macroF1(),
            metrics.mAP(),
            metrics.mcAP(),
            metrics.calibrationError(),
            metrics.editScore(),
            requireNonNull(metrics.startAP().get(1)),
            requireNonNull(metrics.segmentF1().get(10)))
        .filter(value -> !Double.isNaN(value))
        .forEach(value -> assertThat(value).isBetween(0.0, 1.0));
    assertThat(metrics.segmentF1().get(50)).isLessThanOrEqualTo(metrics.segmentF1().get(10));
    assertThat(
            metrics.confusionMatrix().stream()
                .flatMap(List::stream)
                .mapToLong(Long::longValue)
                .sum())
        .isEqualTo(metrics.frames());
    assertThat(metrics.classes().stream().mapToLong(Metrics.ClassMetrics::support).sum())
        .isEqualTo(metrics.frames());
  }

  @Property(tries = 100)
  void shiftInTimeChangesNothing(
      @ForAll @Size(min = 1, max = 3) List<@From("letters") String> truths,
      @ForAll @Size(min = 1, max = 3) List<@From("letters") String> predicted) {
    Metrics metrics = evaluation(truths, predicted, 0).metrics();
    Metrics shifted = evaluation(truths, predicted, 7_000).metrics();
    assertThat(shifted.segmentF1()).isEqualTo(metrics.segmentF1());
    assertThat(shifted.startAP()).isEqualTo(metrics.startAP());
    assertThat(List.of(shifted.falseAlarmsPerHour(), shifted.editScore(), shifted.mAP()))
        .isEqualTo(List.of(metrics.falseAlarmsPerHour(), metrics.editScore(), metrics.mAP()));
  }

  private static Evaluation evaluation(List<String> truths, List<String> predicted, int shift) {
    List<Interval> rows =
        truth(truths).streams().stream()
            .flatMap(stream -> truth(truths).intervals(stream).stream())
            .map(row -> shifted(row, shift * 100_000L))
            .toList();
    List<ScoredStream> streams =
        streams(truths, predicted).stream().map(stream -> shifted(stream, shift)).toList();
    return Evaluation.of(Truth.of(rows), Made.CLASSES, streams);
  }

  private static Interval shifted(Interval row, long micros) {
    return new Interval(
        row.stream(), row.start() + micros, row.end() + micros, row.label(), row.start() + micros);
  }

  private static ScoredStream shifted(ScoredStream stream, int shift) {
    List<ScoredFrame> frames = new ArrayList<>();
    for (ScoredFrame frame : stream.frames()) {
      float[] scores = new float[Made.CLASSES.count()];
      for (int label = 0; label < scores.length; label++) {
        scores[label] = frame.score(label);
      }
      frames.add(Made.frame((int) frame.sequence() + shift, scores, frame.top()));
    }
    return new ScoredStream(stream.stream(), 1, Made.CLASSES, frames, stream.counts());
  }

  private static Truth truth(List<String> truths) {
    List<Interval> rows = new ArrayList<>();
    for (int i = 0; i < truths.size(); i++) {
      rows.addAll(Made.truth("cam-" + i, truths.get(i)));
    }
    return Truth.of(rows);
  }

  /** As long as their truth; the predictions repeat where they are shorter or fewer. */
  private static List<ScoredStream> streams(List<String> truths, List<String> predicted) {
    List<ScoredStream> streams = new ArrayList<>();
    for (int i = 0; i < truths.size(); i++) {
      String text = predicted.get(i % predicted.size());
      int length = truths.get(i).length();
      streams.add(
          Made.stream("cam-" + i, text.repeat(length / text.length() + 1).substring(0, length)));
    }
    return streams;
  }
}

package io.gatestream.evaluate.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.evaluate.score.EvaluationDetails.Stretch;
import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  @Test
  void delayFalseAlarmsAndChangesAreCountedByHand() {
    // a is seen 2 frames late, b never; one false alarm of c, one of b far from its stretch
    Metrics metrics = Made.evaluation("--aaaaaa--bbbb------", "----aaaac-----bb----").metrics();
    assertThat(metrics.detectionDelaySeconds().median()).isCloseTo(0.2, within(1e-12));
    assertThat(metrics.detectionDelaySeconds().detected()).isEqualTo(1);
    assertThat(metrics.detectionDelaySeconds().undetected()).isEqualTo(1);
    assertThat(metrics.falseAlarmsPerHour()).isCloseTo(2 * 3600 / 2.0, within(1e-9));
    assertThat(metrics.labelChangesPerMinute()).isCloseTo(5 * 60 / 2.0, within(1e-9));
    assertThat(metrics.seconds()).isCloseTo(2, within(1e-12));
  }

  @Test
  void touchingTheTruthIsAFalseAlarmButOneCommonFrameIsNot() {
    assertThat(Made.evaluation("-aaa----", "----a---").metrics().falseAlarmsPerHour()).isPositive();
    assertThat(Made.evaluation("-aaa----", "---aa---").metrics().falseAlarmsPerHour()).isZero();
  }

  @Test
  void overlapOfExactlyTheBoundMatches() {
    // intersection 2 of 8 frames: 25 %
    Metrics metrics = Made.evaluation("aaaaaaaa--", "------aa--").metrics();
    assertThat(metrics.segmentF1()).isEqualTo(Map.of(10, 1.0, 25, 1.0, 50, 0.0));
    assertThat(metrics.editScore()).isEqualTo(1);
  }

  @Test
  void notedAreStreamsWithoutLabelsAndWithoutTruth() {
    List<Interval> rows = new ArrayList<>(Made.truth("cam", "aabb"));
    rows.addAll(Made.truth("gone", "aa"));
    Metrics metrics =
        Evaluation.of(
                Truth.of(rows),
                Made.CLASSES,
                List.of(Made.stream("cam", "aabb"), Made.stream("other", "cc")))
            .metrics();
    assertThat(metrics.frameAccuracy()).isEqualTo(1);
    assertThat(metrics.frames()).isEqualTo(4);
    assertThat(metrics.account().labels()).isEqualTo(6);
    assertThat(metrics.notes())
        .containsExactly(
            "the truth names stream 'gone', which has no labels",
            "stream 'other' is not in the truth: its 2 labels are not scored");
  }

  @Test
  void framesInOverlappingTruthAreNotScoredAndNoted() {
    Metrics metrics =
        Evaluation.of(
                Truth.of(
                    List.of(
                        Made.interval("cam", 0, 6, "a"),
                        Made.interval("cam", 4, 8, "b"),
                        Made.interval("cam", 8, 10, "c"),
                        Made.interval("cam", 9, 10, "c"))),
                Made.CLASSES,
                List.of(Made.stream("cam", "aaaaccbbcc")))
            .metrics();
    assertThat(metrics.frames()).isEqualTo(8);
    assertThat(metrics.unscoredFrames()).isEqualTo(2);
    assertThat(metrics.frameAccuracy()).isEqualTo(1);
    assertThat(metrics.falseAlarmsPerHour()).isZero();
    assertThat(metrics.notes())
        .containsExactly(
            "truth of stream cam: overlaps 'a' of 0.0-0.6 s: 'b' of 0.4-0.8 s; the frames in both"
                + " are not scored",
            "truth of stream cam: overlaps 'c' of 0.8-1.0 s: 'c' of 0.9-1.0 s; counted once");
  }

  @Test
  void rangeWithoutFramesAndUnknownClassAreNotedAndTheRestIsScored() {
    Metrics metrics =
        Evaluation.of(
                Truth.of(
                    List.of(
                        Made.interval("cam", 0, 2, "a"),
                        Made.interval("cam", 2, 4, "zebra"),
                        Made.interval("cam", 50, 60, "b"))),
                Made.CLASSES,
                List.of(Made.stream("cam", "aabb--")))
            .metrics();
    assertThat(metrics.frames()).isEqualTo(4);
    assertThat(metrics.frameAccuracy()).isEqualTo(1);
    assertThat(metrics.detectionDelaySeconds().undetected()).isZero();
    assertThat(metrics.notes())
        .containsExactly(
            "truth of stream cam: the model has no class of that name: 'zebra' of 0.2-0.4 s; the"
                + " label is not scored",
            "truth of stream cam: no frame lies in 'b' of 5.0-6.0 s; nothing is scored there");
  }

  @Test
  void averagePrecisionIsRefusedOnTruncatedScoresAndTheRestIsScored() {
    float[] scores = {0.2f, 0.8f, Float.NaN, Float.NaN};
    ScoredStream stream =
        new ScoredStream(
            "cam",
            1,
            Made.CLASSES,
            List.of(Made.frame(0, scores, 1), Made.frame(1, scores, 1)),
            ScoredStream.Counts.NONE);
    Evaluation evaluation =
        Evaluation.of(Truth.of(Made.truth("cam", "ab")), Made.CLASSES, List.of(stream));
    Metrics metrics = evaluation.metrics();
    assertThat(metrics.mAP()).isNaN();
    assertThat(metrics.mcAP()).isNaN();
    assertThat(metrics.frameAccuracy()).isEqualTo(0.5);
    assertThat(metrics.calibrationError()).isCloseTo(0.3, within(1e-6));
    assertThat(metrics.topK().get(2)).isEqualTo(0.5);
    assertThat(metrics.topK().get(3)).isNaN();
    assertThat(metrics.notes())
        .containsExactly(
            "average precision is refused: labels hold only their best scores of 4 classes; let"
                + " the run emit all of them");
    assertThat(evaluation.details(5).curves()).isEmpty();
  }

  @Test
  void nothingToScoreGivesNoFigures() {
    Metrics metrics = Evaluation.of(Truth.of(List.of()), Made.CLASSES, List.of()).metrics();
    assertThat(metrics.frames()).isZero();
    assertThat(metrics.frameAccuracy()).isNaN();
    assertThat(metrics.mAP()).isNaN();
    assertThat(metrics.falseAlarmsPerHour()).isNaN();
    assertThat(MetricsJson.text(metrics)).contains("\"mAP\" : null");
  }

  @Test
  void accountAddsUpAndKeepsReasons() {
    ScoredStream first = withCounts("cam", 1, new ScoredStream.Counts(4, 1, 2, 3));
    ScoredStream second = withCounts("cam", 2, new ScoredStream.Counts(4, 5, 2, 3));
    ScoredStream other = withCounts("b", 1, new ScoredStream.Counts(4, 0, 0, 1));
    RunFacts facts = new RunFacts(OptionalLong.of(30), Map.of("not a JPEG", 4L), 0.1, 0.2, 50);
    Account account =
        Evaluation.of(
                Truth.of(Made.truth("cam", "aabb")),
                Made.CLASSES,
                List.of(first, second, other),
                facts,
                List.of())
            .metrics()
            .account();
    assertThat(account)
        .isEqualTo(
            new Account(
                30,
                12,
                5,
                2,
                4,
                7,
                Map.of("not a JPEG", 4L),
                Map.of("FIRST_FRAME", 3L),
                0.1,
                0.2,
                50));
    assertThat(account.labels() + account.duplicates() + account.skipped() + account.rejected())
        .isEqualTo(account.framesIn() - account.open());
  }

  private static ScoredStream withCounts(String name, int part, ScoredStream.Counts counts) {
    return new ScoredStream(name, part, Made.CLASSES, Made.stream(name, "aabb").frames(), counts);
  }

  @Test
  void detailsHoldTimelinesAndOneMistakeAStretch() {
    EvaluationDetails details = Made.evaluation("aaaa----bbbb", "aacc----bb-c").details(10);
    assertThat(details.timelines()).hasSize(1);
    EvaluationDetails.Timeline timeline = details.timelines().get(0);
    assertThat(timeline.endSeconds()).isEqualTo(1.2);
    assertThat(timeline.truth()).containsExactly(stretch("a", 0, 0.4), stretch("b", 0.8, 1.2));
    assertThat(timeline.predicted())
        .containsExactly(
            stretch("a", 0, 0.2),
            stretch("c", 0.2, 0.4),
            stretch("b", 0.8, 1.0),
            stretch("c", 1.1, 1.2));
    assertThat(details.mistakes())
        .extracting(Mistake::truth, Mistake::predicted, Mistake::startSeconds, Mistake::frames)
        .containsExactly(
            tuple("a", "c", 0.2, 2L), tuple("b", "-", 1.0, 1L), tuple("b", "c", 1.1, 1L));
    assertThat(Made.evaluation("aaaa----bbbb", "aacc----bb-c").details(2).mistakes()).hasSize(2);
    assertThat(details.curves()).containsOnlyKeys("a", "b");
    assertThat(details.reliability().stream().mapToLong(ReliabilityBin::decisions).sum())
        .isEqualTo(12);
  }

  private static Stretch stretch(String label, double start, double end) {
    return new Stretch(label, start, end);
  }

  @Test
  void metricsFileHoldsItsKeysInOrder() {
    String json = MetricsJson.text(Made.evaluation("aabb", "aabb").metrics());
    List<String> keys =
        List.of(
            "frameAccuracy",
            "balancedAccuracy",
            "topK",
            "mAP",
            "mcAP",
            "calibrationError",
            "segmentF1",
            "editScore",
            "startAP",
            "detectionDelaySeconds",
            "falseAlarmsPerHour",
            "account",
            "confusionMatrix",
            "notes");
    assertThat(keys).isSortedAccordingTo((a, b) -> Integer.compare(at(json, a), at(json, b)));
    assertThat(keys).allSatisfy(key -> assertThat(at(json, key)).as(key).isPositive());
  }

  private static int at(String json, String key) {
    return json.indexOf("\n  \"" + key + "\" :");
  }

  @Test
  void streamsOutOfOrderAndUnknownLabelsCannotBeMade() {
    List<ScoredFrame> frames = Made.stream("cam", "ab").frames();
    assertThatThrownBy(
            () ->
                new ScoredStream(
                    "cam",
                    1,
                    Made.CLASSES,
                    List.of(frames.get(1), frames.get(0)),
                    ScoredStream.Counts.NONE))
        .hasMessageContaining("cam frame 1: source time 0 does not come after 100000");
    assertThatThrownBy(() -> new Classes(List.of("a"), Optional.of("b"), false, Map.of()))
        .hasMessageContaining("label 'b' is not in [a]");
  }
}

package io.gatestream.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.Evaluation;
import io.gatestream.evaluate.score.PairedBootstrap;
import io.gatestream.evaluate.score.ScoredFrame;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.evaluate.truth.Interval;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTableTest {
  private static final Classes CLASSES =
      Classes.single(List.of("still", "left"), Optional.of("still"));

  @Test
  void tableTellsEachMetricAndADashWhereNoneIsDefined() {
    String table = MetricsTable.of(evaluation(4).metrics());
    assertThat(table)
        .containsPattern("still \\(background\\) +\\| +5 \\| +100.0 % \\| +80.0 % .* - ")
        .containsPattern("left +\\| +5 \\| +83.3 % \\| +100.0 %")
        .containsPattern("cam\\?0 +\\| +10 \\| +90.0 %")
        .containsPattern("frame accuracy +\\| +90.0 %")
        .containsPattern("detection delay, s +\\| median 0.00, p90 0.00")
        .contains("10 frames in = 10 labels + 0 duplicates + 0 skipped + 0 rejected + 0 open")
        .contains("1 resets FIRST_FRAME")
        .contains("note: the truth names stream 'gone', which has no labels");
    assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(120));
  }

  @Test
  void comparisonTellsValuesAndWhereLabelsDiffer() {
    assertThat(ComparisonTable.of(PairedBootstrap.compare(evaluation(4), evaluation(5), 1)))
        .containsPattern("frameAccuracy +\\| +0.9000 \\| +1.0000 \\| +0.1000 \\| +- ")
        .contains("1 streams; intervals by 1000 resamples of streams, seed 1: none")
        .containsPattern("cam\\?0 +\\| +0.40 \\| +0.50 \\| +still \\| +left \\| +still \\| +1");
    assertThat(ComparisonTable.of(PairedBootstrap.compare(evaluation(4), evaluation(4), 1)))
        .contains("the predicted labels do not differ");
  }

  /** Ten frames, of which the first half is still; the label turns left at frame {@code turn}. */
  private static Evaluation evaluation(int turn) {
    String stream = "cam\u001b0";
    List<ScoredFrame> frames = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int top = i < turn ? 0 : 1;
      float[] scores = {top == 0 ? 0.9f : 0.1f, top == 0 ? 0.1f : 0.9f};
      Reset reset = i == 0 ? Reset.FIRST_FRAME : Reset.NONE;
      frames.add(new ScoredFrame(i, i * 100_000L, i * 100_000L, scores, top, reset));
    }
    return Evaluation.of(
        Truth.of(
            List.of(
                new Interval(stream, 500_000, 1_000_000, "left", 500_000),
                new Interval("gone", 0, 1, "left", 0))),
        CLASSES,
        List.of(
            new ScoredStream(stream, 1, CLASSES, frames, new ScoredStream.Counts(10, 0, 0, 0))));
  }
}

package io.gatestream.evaluate.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabelCollectorTest {
  private static final Classes CLASSES = Classes.single(List.of("a", "b"), Optional.empty());

  private final LabelCollector collector = new LabelCollector(CLASSES);

  @Test
  void sessionsOfOneStreamAreScoredApart() {
    FrameLabel first = ScoreCase.label(CLASSES, "cam", 0, 500_000, 0.4f, 0.6f);
    collector.add(first);
    collector.add(
        FrameLabel.newBuilder(first).setSession(first.getSession().plusSeconds(9)).build());
    assertThat(collector.streams()).extracting(ScoredStream::name).containsExactly("cam", "cam#2");
    ScoredFrame frame = collector.streams().get(0).frames().get(0);
    assertThat(frame.top()).isEqualTo(1);
    assertThat(frame.score(0)).isEqualTo(0.4f);
    assertThat(frame.captureTime()).isEqualTo(ScoreCase.startMicros() + 500_000);
    assertThat(collector.notes()).isEmpty();
  }

  @Test
  void missingScoresAreTruncatedNotZero() {
    FrameLabel label = ScoreCase.label(CLASSES, "cam", 0, 0, 0.4f, 0.6f);
    collector.add(FrameLabel.newBuilder(label).setScores(label.getScores().subList(0, 1)).build());
    ScoredStream stream = collector.streams().get(0);
    assertThat(stream.truncated()).isTrue();
    assertThat(stream.frames().get(0).score(0)).isNaN();
  }

  @Test
  void unknownClassesAndStandingTimesAreNoted() {
    FrameLabel label = ScoreCase.label(CLASSES, "cam", 0, 0, 0.4f, 0.6f);
    collector.add(label);
    collector.add(label);
    collector.add(
        FrameLabel.newBuilder(label)
            .setScores(List.of(new LabelScore("zebra", 1f)))
            .setDuplicates(3)
            .build());
    assertThat(collector.streams().get(0).frames()).hasSize(1);
    assertThat(collector.streams().get(0).counts()).isEqualTo(new ScoredStream.Counts(3, 3, 0, 0));
    assertThat(collector.notes())
        .containsExactly(
            "1 labels name the class 'zebra', which the model does not have; give the bundle that"
                + " made them",
            "stream cam: 1 labels are not scored: their source time does not come after that of"
                + " the label before",
            "1 labels are not scored: they name no class of the model");
  }
}

package io.gatestream.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.evaluate.Accuracy.Count;
import io.gatestream.evaluate.Accuracy.Score;
import io.gatestream.evaluate.truth.TruthTest;
import io.gatestream.schema.FrameLabel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  @Test
  void framesSoonAfterAChangeAreRawButNotSettled() throws IOException {
    Accuracy accuracy =
        new Accuracy(TruthTest.read("stream,start,end,label\ncam,0,1,left\ncam,1,2,right\n"));
    // 10 frames a second; the model is late by three frames at the change
    for (int frame = 0; frame < 20; frame++) {
      accuracy.add(Labels.label("cam", frame, frame < 13 ? "left" : "right"));
    }
    // settled: frames 5..9 and 15..19
    assertThat(accuracy.total()).isEqualTo(new Score(new Count(20, 17), new Count(10, 10)));
    assertThat(accuracy.byClass())
        .containsEntry("left", new Score(new Count(10, 10), new Count(5, 5)))
        .containsEntry("right", new Score(new Count(10, 7), new Count(5, 5)));
    assertThat(accuracy.uncovered()).isZero();
  }

  @Test
  void streamsAreCountedApartAndUncoveredFramesInNoScore() throws IOException {
    Accuracy accuracy =
        new Accuracy(TruthTest.read("stream,start,end,label\na,0,1,left\nb,0,1,left\n"));
    accuracy.add(Labels.label("a", 0, "left"));
    accuracy.add(Labels.label("b", 7, "right"));
    accuracy.add(Labels.label("b", 10, "left"));
    accuracy.add(Labels.label("c", 0, "left"));
    assertThat(accuracy.byStream())
        .containsOnlyKeys("a", "b")
        .containsEntry("a", new Score(new Count(1, 1), new Count(0, 0)))
        .containsEntry("b", new Score(new Count(1, 0), new Count(1, 0)));
    assertThat(accuracy.uncovered()).isEqualTo(2);
    assertThat(accuracy.total().raw().ratio()).hasValue(0.5);
  }

  @Test
  void labelWithoutScoresIsWrong() throws IOException {
    Accuracy accuracy = new Accuracy(TruthTest.read("stream,start,end,label\na,0,1,left\n"));
    accuracy.add(FrameLabel.newBuilder(Labels.label("a", 0, "left")).setScores(List.of()).build());
    assertThat(accuracy.total().raw()).isEqualTo(new Count(1, 0));
  }

  @Test
  void noFramesHaveNoRatio() throws IOException {
    Accuracy accuracy = new Accuracy(TruthTest.read("stream,start,end,label\n"));
    assertThat(accuracy.total().raw().ratio()).isEmpty();
  }
}

package io.gatestream.evaluate;

import static io.gatestream.evaluate.Labels.label;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.evaluate.LabelGaps.Gap;
import io.gatestream.evaluate.LabelGaps.Kind;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelGapsTest {
  @Test
  void aStreamWithoutHolesHasNoGaps() {
    assertThat(gaps(true, at(0), at(1), at(2))).isEmpty();
  }

  @Test
  void missingLabelsInTheMiddleAreCounted() {
    assertThat(gaps(true, at(0), at(1), at(5))).containsExactly(new Gap(Kind.LABELS, 3));
  }

  @Test
  void missingLabelsAtTheStartCountOnlyFromTheBeginning() {
    assertThat(gaps(true, at(4), at(5))).containsExactly(new Gap(Kind.LABELS, 4));
    assertThat(gaps(false, at(4), at(5))).isEmpty();
  }

  @Test
  void framesThatNeverCameInAreNoMissingLabels() {
    FrameLabel later = FrameLabel.newBuilder(at(6)).setFramesSinceReset(3).build();

    assertThat(gaps(true, at(0), at(1), later)).containsExactly(new Gap(Kind.FRAMES, 4));
  }

  @Test
  void skippedAndRejectedFramesExplainAHole() {
    FrameLabel later =
        FrameLabel.newBuilder(label("cam", 6, "left", 9, 3, 1)).setFramesSinceReset(3).build();

    assertThat(gaps(true, at(0), at(1), later)).isEmpty();
  }

  @Test
  void aResetStartsTheCountAnew() {
    assertThat(gaps(true, at(0), at(1), reset(2, 1))).isEmpty();
  }

  @Test
  void aResetWhoseLabelIsGoneLeavesAGap() {
    FrameLabel third = FrameLabel.newBuilder(at(9)).setFramesSinceReset(3).build();

    assertThat(gaps(true, at(0), at(1), at(2), at(3), third))
        .containsExactly(new Gap(Kind.LABELS, 2));
  }

  @Test
  void aNewSessionMayCountAnew() {
    FrameLabel restarted =
        FrameLabel.newBuilder(reset(0, 1))
            .setSession(Labels.START.plusSeconds(60))
            .setReset(Reset.RESTART)
            .build();

    assertThat(gaps(true, at(0), at(1), restarted)).isEmpty();
  }

  @Test
  void labelsOfASecondRunAreNotCompared() {
    assertThat(gaps(true, at(0), at(1), at(2), at(0), at(1))).isEmpty();
  }

  private static FrameLabel at(long sequence) {
    return label("cam", sequence, "left");
  }

  private static FrameLabel reset(long sequence, long framesSinceReset) {
    return FrameLabel.newBuilder(at(sequence))
        .setReset(Reset.GAP)
        .setFramesSinceReset(framesSinceReset)
        .build();
  }

  private static List<Gap> gaps(boolean fromBeginning, FrameLabel... labels) {
    LabelGaps gaps = new LabelGaps(fromBeginning);
    List<Gap> found = new ArrayList<>();
    for (FrameLabel label : labels) {
      gaps.add(label).ifPresent(found::add);
    }
    return found;
  }
}

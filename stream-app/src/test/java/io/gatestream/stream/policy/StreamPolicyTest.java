package io.gatestream.stream.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.config.PolicySettings.ModelChange;
import io.gatestream.schema.Reset;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StreamPolicyTest {
  private static final long MS = 1_000;
  private static final long T0 = 1_700_000_000_000_000L;

  private final StreamPolicy policy =
      new StreamPolicy(
          new PolicySettings(2_000 * MS, 60_000 * MS, ModelChange.RESET), 100 * MS, "m");

  private static Reset reset(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Step.class);
    return ((Decision.Step) decision).reset();
  }

  private StreamProgress after(StreamProgress progress, long session, long sequence, long millis) {
    return policy.decide(progress, session, sequence, T0 + millis * MS).after();
  }

  @Test
  void theFirstFrameStartsTheState() {
    Decision first = policy.decide(StreamProgress.START, 1, 0, T0);
    assertThat(reset(first)).isEqualTo(Reset.FIRST_FRAME);
    assertThat(first.after().framesSinceReset()).isEqualTo(1);
    Decision second = policy.decide(first.after(), 1, 1, T0 + 100 * MS);
    assertThat(reset(second)).isEqualTo(Reset.NONE);
    assertThat(((Decision.Step) second).elapsed()).isEqualTo(0.1f);
    assertThat(second.after().framesSinceReset()).isEqualTo(2);
  }

  @Test
  void duplicateSequenceIsDroppedAndCounted() {
    StreamProgress progress = after(StreamProgress.START, 1, 5, 0);
    for (long sequence : new long[] {5, 4, 0}) {
      Decision decision = policy.decide(progress, 1, sequence, T0 + 100 * MS);
      assertThat(decision).isInstanceOf(Decision.Duplicate.class);
      assertThat(decision.after()).isEqualTo(progress.withDuplicates(1));
    }
  }

  @Test
  void anOlderSessionIsDroppedAndANewerOneRestarts() {
    StreamProgress progress = after(StreamProgress.START, 7, 5, 0);
    assertThat(policy.decide(progress, 6, 100, T0 + 100 * MS))
        .isInstanceOf(Decision.Duplicate.class);
    assertThat(reset(policy.decide(progress, 8, 0, T0 + 100 * MS))).isEqualTo(Reset.RESTART);
  }

  @Test
  void captureTimesFurtherApartThanTheLimitsReset() {
    StreamProgress progress = after(StreamProgress.START, 1, 0, 0);
    assertThat(reset(policy.decide(progress, 1, 1, T0 + 2_000 * MS))).isEqualTo(Reset.NONE);
    assertThat(reset(policy.decide(progress, 1, 1, T0 + 2_001 * MS))).isEqualTo(Reset.GAP);
    assertThat(reset(policy.decide(progress, 1, 1, T0 - 2_001 * MS))).isEqualTo(Reset.GAP);
    assertThat(reset(policy.decide(progress, 1, 1, T0 + 60_000 * MS))).isEqualTo(Reset.GAP);
    assertThat(reset(policy.decide(progress, 1, 1, T0 + 60_001 * MS))).isEqualTo(Reset.FIRST_FRAME);
  }

  @Test
  void anotherModelsStateIsReset() {
    StreamProgress progress = after(StreamProgress.START, 1, 0, 0);
    StreamPolicy other = new StreamPolicy(PolicySettings.DEFAULT, 100 * MS, "n");
    assertThat(reset(other.decide(progress, 1, 1, T0 + 100 * MS))).isEqualTo(Reset.MODEL_CHANGED);
    assertThat(other.accepts(progress)).isTrue();
    StreamPolicy refusing =
        new StreamPolicy(new PolicySettings(1, 1, ModelChange.REFUSE), 100 * MS, "n");
    assertThat(refusing.accepts(progress)).isFalse();
    assertThat(refusing.accepts(StreamProgress.START)).isTrue();
  }

  @Test
  void aRequestedResetGoesWithTheNextFrame() {
    StreamProgress progress =
        after(StreamProgress.START, 1, 0, 0).withPendingReset(Reset.REQUESTED);
    Decision decision = policy.decide(progress, 1, 1, T0 + 10 * MS);
    assertThat(reset(decision)).isEqualTo(Reset.REQUESTED);
    assertThat(decision.after().pendingReset()).isEqualTo(Reset.NONE);
  }

  @Test
  void ofA30HzCameraEveryThirdFrameIsLabelledForA10HzModel() {
    StreamProgress progress = StreamProgress.START;
    List<Integer> labelled = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Decision decision = policy.decide(progress, 1, i, T0 + i * 33_333L);
      if (decision instanceof Decision.Step) {
        labelled.add(i);
      }
      progress = decision.after();
    }
    assertThat(labelled).containsExactly(0, 3, 6, 9, 12, 15, 18, 21, 24, 27);
    assertThat(progress.skipped()).isEqualTo(20);
  }

  @Test
  void aSlightlyEarlyFrameIsNotSkipped() {
    StreamProgress progress = after(StreamProgress.START, 1, 0, 0);
    assertThat(policy.decide(progress, 1, 1, T0 + 75 * MS)).isInstanceOf(Decision.Step.class);
    assertThat(policy.decide(progress, 1, 1, T0 + 75 * MS - 1)).isInstanceOf(Decision.Skip.class);
  }

  /** frames in = labels + duplicates + skipped, whatever comes. */
  @Property
  void everyFrameIsAccountedFor(
      @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 9) Integer> sequences,
      @ForAll @LongRange(min = 0, max = 3) long sessions,
      @ForAll @LongRange(min = -70_000, max = 70_000) long jump) {
    StreamProgress progress = StreamProgress.START;
    long labels = 0;
    for (int i = 0; i < sequences.size(); i++) {
      long session = sessions == 0 ? 1 : sequences.get(i) % sessions;
      long capture = T0 + i * 40L * MS + (sequences.get(i) == 9 ? jump * MS : 0);
      Decision decision = policy.decide(progress, session, sequences.get(i) + i, capture);
      if (decision instanceof Decision.Step) {
        labels++;
        assertThat(decision.after().due()).isGreaterThan(capture);
      }
      progress = decision.after();
    }
    assertThat(labels + progress.duplicates() + progress.skipped()).isEqualTo(sequences.size());
  }

  /** A frame that is labelled is never much earlier than the interval after the one before. */
  @Property
  void theRateIsNeverMuchAboveTheModels(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 1, max = 300) Integer> millisBetween) {
    StreamProgress progress = StreamProgress.START;
    long capture = T0;
    long labels = 0;
    for (int i = 0; i < millisBetween.size(); i++) {
      Decision decision = policy.decide(progress, 1, i, capture);
      labels += decision instanceof Decision.Step ? 1 : 0;
      progress = decision.after();
      capture += millisBetween.get(i) * MS;
    }
    long last = capture - millisBetween.get(millisBetween.size() - 1) * MS - T0;
    assertThat(labels).isLessThanOrEqualTo(2 + last / (50 * MS));
  }
}

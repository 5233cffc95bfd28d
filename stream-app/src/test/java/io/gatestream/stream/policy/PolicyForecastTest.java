package io.gatestream.stream.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.lookahead.PictureFilter;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class PolicyForecastTest {
  private static final long INTERVAL = 100_000;
  private static final long T0 = 1_700_000_000_000_000L;

  private final PolicyForecast prediction =
      new PolicyForecast(INTERVAL, PolicySettings.DEFAULT.gapMicros());
  private final StreamPolicy policy = new StreamPolicy(PolicySettings.DEFAULT, INTERVAL, "m");

  @Property(tries = 100)
  void agreesWithThePolicyOnRegularStreams(
      @ForAll @LongRange(min = 0, max = 1_000_000) long start) {
    for (int rate : new int[] {10, 25, 30}) {
      StreamProgress progress = StreamProgress.START;
      for (int i = 0; i < 300; i++) {
        long capture = T0 + start + Math.round(i * 1e6 / rate);
        Decision decision = policy.decide(progress, 1, i, capture);
        progress = decision.after();
        assertThat(prediction.expects("camera-" + rate, capture / 1_000 * 1_000))
            .as("start %d, %d frames/s, frame %d", start, rate, i)
            .isEqualTo(decision instanceof Decision.Step);
      }
    }
  }

  /**
   * Segments of whole intervals, taken alone and in any order, are guessed as the policy decides
   * them in a row.
   */
  @Property(tries = 50)
  void agreesWithThePolicyWithinSegments(@ForAll @LongRange(min = 0, max = 1_000_000) long start) {
    StreamProgress progress = StreamProgress.START;
    for (int segment = 0; segment < 5; segment++) {
      PictureFilter guesses = prediction.withinRecord();
      for (int i = 0; i < 60; i++) {
        int sequence = segment * 60 + i;
        long capture = T0 + start + Math.round(sequence * 1e6 / 30);
        Decision decision = policy.decide(progress, 1, sequence, capture);
        progress = decision.after();
        assertThat(guesses.wants(i, capture))
            .as("start %d, frame %d", start, sequence)
            .isEqualTo(decision instanceof Decision.Step);
      }
    }
  }

  @Example
  void aGapStartsAnewEitherWay() {
    assertThat(prediction.expects("s", T0)).isTrue();
    assertThat(prediction.expects("s", T0 + 10_000)).isFalse();
    assertThat(prediction.expects("t", T0 + 10_000)).as("another stream").isTrue();
    assertThat(prediction.expects("s", T0 + 10_000_000)).isTrue();
    assertThat(prediction.expects("s", T0)).isTrue();
  }
}

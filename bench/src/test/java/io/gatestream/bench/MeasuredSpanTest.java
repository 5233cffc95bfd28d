package io.gatestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredSpanTest {
  private static final long MILLI = 1_000_000;

  private static Sample at(long millis, long labelled, long encoded) {
    return new Sample(millis * MILLI, labelled, encoded);
  }

  /**
   * Encodes one frame each 10 ms; labels come 40 at once, so up to 40 frames are encoded ahead. The
   * true rate is 100 a second, while labels between any two moments say 100 and more or less.
   */
  private static List<Sample> inBursts(long millis) {
    List<Sample> samples = new ArrayList<>();
    for (long t = 0; t <= millis; t += 20) {
      long encoded = t / 10;
      samples.add(at(t, encoded / 40 * 40, encoded));
    }
    return samples;
  }

  @Test
  void framesEncodedAheadNeitherFlatterNorSpoilTheRate() {
    List<Sample> samples = inBursts(8_000);
    MeasuredSpan span =
        MeasuredSpan.steady(samples, 1_000 * MILLI, 3_000 * MILLI, 600 * MILLI).orElseThrow();

    assertThat(span.imbalance()).isZero();
    assertThat(span.fps()).isCloseTo(100, within(1e-9));
    assertThat(span.seconds()).isGreaterThanOrEqualTo(3);
    // the check can fail: other moments give other rates
    assertThat(new MeasuredSpan(at(1_590, 120, 159), at(4_810, 480, 481)).fps()).isGreaterThan(110);
  }

  @Test
  void theWarmUpCountsFromTheFirstLabel() {
    List<Sample> samples = new ArrayList<>();
    for (long t = 0; t <= 10_000; t += 20) {
      // starts after 3 s and is slow until 5 s
      long done = t < 3_000 ? 0 : t < 5_000 ? (t - 3_000) / 100 : 20 + (t - 5_000) / 10;
      samples.add(at(t, done, done));
    }
    MeasuredSpan span =
        MeasuredSpan.steady(samples, 2_200 * MILLI, 3_000 * MILLI, 600 * MILLI).orElseThrow();

    assertThat(span.begin().nanos()).isGreaterThanOrEqualTo(5_200 * MILLI);
    assertThat(span.fps()).isCloseTo(100, within(1.0));
  }

  @Test
  void aRunThatIsTooShortHasNoWindow() {
    assertThat(MeasuredSpan.steady(inBursts(2_000), 1_000 * MILLI, 3_000 * MILLI, 600 * MILLI))
        .isEmpty();
    assertThat(MeasuredSpan.steady(List.of(at(0, 0, 0)), 0, 1, 1)).isEmpty();
  }

  @Test
  void drainingCountsTheTailAndNotWhatWasEncodedBefore() {
    List<Sample> samples =
        List.of(at(0, 0, 0), at(1_000, 10, 50), at(2_000, 140, 150), at(6_000, 250, 250));

    assertThat(MeasuredSpan.drained(samples, 250))
        .hasValueSatisfying(fps -> assertThat(fps).isEqualTo(40));
    assertThat(MeasuredSpan.drained(samples, 251)).isEmpty();
  }
}

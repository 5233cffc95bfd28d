package io.gatestream.model.calibration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.Provider;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Rates and time are given: nothing is measured here. */
class CalibratorTest {
  private static final EncoderSetup STANDARD = new EncoderSetup(2, 1, 1);
  private static final EncoderSetup PAIRS = new EncoderSetup(2, 1, 2);
  private static final EncoderSetup TOGETHER = new EncoderSetup(1, 2, 1);

  /** What a setup does: its rates by rounds, and whether its features are the standard's. */
  record Script(boolean keepsFeatures, List<Double> rates) {
    static Script of(double... rates) {
      return new Script(true, Arrays.stream(rates).boxed().toList());
    }

    Script withOtherFeatures() {
      return new Script(false, rates);
    }

    double median() {
      return rates.stream().sorted().toList().get(1);
    }

    boolean beats(Script standard) {
      for (int round = 0; round < rates.size(); round++) {
        if (rates.get(round) <= Calibrator.MARGIN * standard.rates.get(round)) {
          return false;
        }
      }
      return true;
    }
  }

  /** A contest by script; each measurement takes a second of its clock. */
  private static final class Scripted implements Calibrator.Contest {
    private final Map<EncoderSetup, Script> scripts;
    private final Map<EncoderSetup, Integer> measured = new HashMap<>();
    private final AtomicLong seconds = new AtomicLong();

    Scripted(Map<EncoderSetup, Script> scripts) {
      this.scripts = scripts;
    }

    long nanos() {
      return seconds.get() * 1_000_000_000L;
    }

    @Override
    public Calibrator.Entrant enter(EncoderSetup setup) {
      Script script = scripts.get(setup);
      if (script == null) {
        throw new IllegalStateException("no memory for " + setup);
      }
      return new Calibrator.Entrant() {
        @Override
        public boolean keepsFeatures() {
          return script.keepsFeatures;
        }

        @Override
        public double picturesPerSecond() {
          seconds.incrementAndGet();
          return script.rates.get(measured.merge(setup, 1, Integer::sum) - 1);
        }
      };
    }
  }

  private static EncoderSetup choose(Map<EncoderSetup, Script> scripts, EncoderSetup... others)
      throws InterruptedException {
    return choose(new Scripted(scripts), 1_000, others);
  }

  private static EncoderSetup choose(Scripted contest, long seconds, EncoderSetup... others)
      throws InterruptedException {
    EncoderSetup[] all = new EncoderSetup[others.length + 1];
    all[0] = STANDARD;
    System.arraycopy(others, 0, all, 1, others.length);
    return new Calibrator(contest::nanos, seconds * 1_000_000_000L).choose(List.of(all), contest);
  }

  @Test
  void whatIsClearlyFasterEachTimeIsChosen() throws Exception {
    assertThat(
            choose(
                Map.of(
                    STANDARD, Script.of(100, 50, 100),
                    PAIRS, Script.of(110, 55, 110),
                    TOGETHER, Script.of(130, 65, 130)),
                PAIRS,
                TOGETHER))
        .isEqualTo(TOGETHER);
  }

  @Test
  void aLittleFasterIsNotEnough() throws Exception {
    assertThat(
            choose(
                Map.of(STANDARD, Script.of(100, 100, 100), PAIRS, Script.of(108, 108, 108)), PAIRS))
        .isEqualTo(STANDARD);
  }

  @Test
  void oneRoundThatIsNotFasterDecidesForTheStandard() throws Exception {
    assertThat(
            choose(
                Map.of(STANDARD, Script.of(100, 20, 100), PAIRS, Script.of(150, 150, 100)), PAIRS))
        .isEqualTo(STANDARD);
  }

  @Test
  void otherFeaturesAreNeverTakenHoweverFast() throws Exception {
    assertThat(
            choose(
                Map.of(
                    STANDARD, Script.of(1, 1, 1),
                    PAIRS, Script.of(900, 900, 900).withOtherFeatures(),
                    TOGETHER, Script.of(2, 2, 2)),
                PAIRS,
                TOGETHER))
        .isEqualTo(TOGETHER);
  }

  @Test
  void whatDoesNotRunIsLeftOut() throws Exception {
    assertThat(
            choose(
                Map.of(STANDARD, Script.of(1, 1, 1), TOGETHER, Script.of(2, 2, 2)),
                PAIRS,
                TOGETHER))
        .isEqualTo(TOGETHER);
  }

  @Test
  void aStandardThatDoesNotRunIsAnError() {
    assertThatThrownBy(() -> choose(Map.of(PAIRS, Script.of(2, 2, 2)), PAIRS))
        .hasMessageContaining("no memory for " + STANDARD);
  }

  @Test
  void theTimeLimitLeavesTheStandard() throws Exception {
    Map<EncoderSetup, Script> scripts =
        Map.of(STANDARD, Script.of(1, 1, 1), PAIRS, Script.of(2, 2, 2));
    assertThat(choose(new Scripted(scripts), 6, PAIRS)).isEqualTo(PAIRS);
    Scripted slow = new Scripted(scripts);
    assertThat(choose(slow, 5, PAIRS)).isEqualTo(STANDARD);
    assertThat(slow.seconds).hasValue(5);
  }

  @Test
  void onAGpuTheFastestBucketAndCallersAreChosen() throws Exception {
    List<EncoderSetup> candidates =
        Candidates.of(
            Provider.CUDA,
            8,
            List.of(1),
            new FixedSetup(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()));
    Map<EncoderSetup, Script> scripts = new HashMap<>();
    for (EncoderSetup setup : candidates) {
      double rate = setup.batch() * 10 + setup.callers() * 100;
      scripts.put(setup, Script.of(rate, rate * 0.7, rate * 1.2));
    }
    Scripted contest = new Scripted(scripts);
    EncoderSetup best = new EncoderSetup(2, 1, 64);
    Calibrator calibrator = new Calibrator(contest::nanos, Long.MAX_VALUE);
    assertThat(calibrator.choose(candidates, contest)).isEqualTo(best);
    assertThat(contest.measured).hasSize(8).allSatisfy((setup, n) -> assertThat(n).isEqualTo(3));

    scripts.remove(best); // as where the memory is too small for it
    Scripted smaller = new Scripted(scripts);
    assertThat(new Calibrator(smaller::nanos, Long.MAX_VALUE).choose(candidates, smaller))
        .isEqualTo(new EncoderSetup(1, 1, 64));
  }

  @Property
  void theChoiceIsTheStandardOrKeepsFeaturesAndBeatsItInEachRound(
      @ForAll("scripts") Map<EncoderSetup, Script> others, @ForAll("script") Script standard)
      throws InterruptedException {
    Map<EncoderSetup, Script> scripts = new HashMap<>(others);
    scripts.put(STANDARD, standard);
    EncoderSetup choice = choose(scripts, others.keySet().toArray(EncoderSetup[]::new));
    List<Script> able =
        others.values().stream()
            .filter(script -> script.keepsFeatures && script.beats(standard))
            .toList();
    assertThat(choice.equals(STANDARD)).isEqualTo(able.isEmpty());
    if (!able.isEmpty()) {
      Script chosen = requireNonNull(scripts.get(choice));
      assertThat(able).contains(chosen).allMatch(script -> script.median() <= chosen.median());
    }
  }

  @Provide
  Arbitrary<Script> script() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.doubles().between(90, 120).list().ofSize(Calibrator.ROUNDS))
        .as(Script::new);
  }

  @Provide
  Arbitrary<Map<EncoderSetup, Script>> scripts() {
    Arbitrary<EncoderSetup> setups =
        Combinators.combine(Arbitraries.integers().between(3, 9), Arbitraries.of(1, 2, 4))
            .as((callers, batch) -> new EncoderSetup(callers, 1, batch));
    return Arbitraries.maps(setups, script()).ofMaxSize(5);
  }
}

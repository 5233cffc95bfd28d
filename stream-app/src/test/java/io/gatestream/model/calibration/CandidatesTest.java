package io.gatestream.model.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.Provider;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static final List<Integer> ANY = List.of(1, 2, 3, 4, 8, 16);

  /** 0 for what is not given. */
  private static FixedSetup fixed(int callers, int threads, int batch) {
    return new FixedSetup(given(callers), given(threads), given(batch));
  }

  private static OptionalInt given(int number) {
    return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }

  private static List<EncoderSetup> onCpu(int cores, List<Integer> batches, FixedSetup fixed) {
    return Candidates.of(Provider.CPU, cores, batches, fixed);
  }

  private static EncoderSetup setup(int callers, int threads, int batch) {
    return new EncoderSetup(callers, threads, batch);
  }

  @Test
  void onTwoCoresSmallBatchesAndOneCallOnBothAreTried() {
    assertThat(onCpu(2, ANY, fixed(0, 0, 0)))
        .containsExactly(setup(2, 1, 1), setup(2, 1, 4), setup(2, 1, 8), setup(1, 2, 1));
  }

  @Test
  void onMoreCoresTwoThreadsACallAreTriedToo() {
    assertThat(onCpu(8, List.of(1), fixed(0, 0, 0)))
        .containsExactly(setup(8, 1, 1), setup(1, 8, 1), setup(4, 2, 1));
  }

  @Test
  void oneCoreWithoutBitEqualBatchesLeavesNoChoice() {
    assertThat(onCpu(1, List.of(1), fixed(0, 0, 0))).containsExactly(setup(1, 1, 1));
    assertThat(onCpu(1, List.of(1, 2), fixed(0, 0, 0)))
        .containsExactly(setup(1, 1, 1), setup(1, 1, 2));
  }

  @Test
  void batchesAreThoseThatTheBundleNames() {
    assertThat(onCpu(2, List.of(1, 3, 8), fixed(0, 0, 0)))
        .containsExactly(setup(2, 1, 1), setup(2, 1, 3), setup(2, 1, 8), setup(1, 2, 1));
  }

  @Test
  void onAGpuLargeBatchesWithOneAndTwoCallersAreTried() {
    List<EncoderSetup> all = Candidates.of(Provider.CUDA, 8, List.of(1), fixed(0, 0, 0));
    assertThat(all.get(0)).isEqualTo(setup(1, 1, 32));
    assertThat(all)
        .containsExactlyInAnyOrder(
            setup(1, 1, 8),
            setup(2, 1, 8),
            setup(1, 1, 16),
            setup(2, 1, 16),
            setup(1, 1, 32),
            setup(2, 1, 32),
            setup(1, 1, 64),
            setup(2, 1, 64));
    assertThat(Candidates.of(Provider.TENSORRT, 8, List.of(1), fixed(0, 0, 20)))
        .containsExactly(setup(1, 1, 20));
    assertThat(Candidates.of(Provider.CUDA, 8, List.of(1), fixed(2, 0, 0)))
        .containsExactly(setup(2, 1, 32), setup(2, 1, 8), setup(2, 1, 16), setup(2, 1, 64));
  }

  @Test
  void whatIsFixedLeavesTheRestToChoose() {
    assertThat(onCpu(2, ANY, fixed(1, 0, 0)))
        .containsExactly(setup(1, 1, 1), setup(1, 1, 4), setup(1, 1, 8), setup(1, 2, 1));
    assertThat(onCpu(2, ANY, fixed(0, 0, 8))).containsExactly(setup(2, 1, 8), setup(1, 2, 8));
    assertThat(onCpu(2, List.of(1), fixed(3, 0, 0))).containsExactly(setup(3, 1, 1));
  }

  @Property
  void nothingFixedIsEverChanged(
      @ForAll Provider provider,
      @ForAll @IntRange(min = 1, max = 64) int cores,
      @ForAll List<@IntRange(min = 1, max = 64) Integer> batches,
      @ForAll @IntRange(min = 0, max = 9) int callers,
      @ForAll @IntRange(min = 0, max = 9) int threads,
      @ForAll @IntRange(min = 0, max = 9) int batch) {
    FixedSetup fixed = fixed(callers, threads, batch);
    List<EncoderSetup> all = Candidates.of(provider, cores, batches, fixed);
    assertThat(all).isNotEmpty().doesNotHaveDuplicates().allMatch(fixed::allows);
    if (callers > 0 && threads > 0 && batch > 0) {
      assertThat(all).containsExactly(setup(callers, threads, batch));
    }
    if (provider == Provider.CPU && batch == 0) {
      assertThat(all).allMatch(one -> one.batch() == 1 || batches.contains(one.batch()));
    }
  }
}

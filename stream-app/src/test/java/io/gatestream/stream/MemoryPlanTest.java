package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import io.gatestream.stream.MemoryPlan.Needs;
import io.gatestream.stream.MemoryPlan.Place;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static final long MIB = 1 << 20;
  private static final MemoryLimits LIMITS = limits(512 * MIB, 512 * MIB);
  private static final int HD = 1_280 * 720 * 3;

  private static MemoryLimits limits(long heap, long direct) {
    return new MemoryLimits(OptionalLong.empty(), heap, OptionalLong.of(direct), 0, 0);
  }

  private static Needs needs(int slots, int pictureBytes, int callers, int batch) {
    return new Needs(
        2,
        4,
        slots,
        pictureBytes,
        callers,
        batch,
        1_000,
        5_000,
        8,
        90 * MIB,
        16 * MIB,
        4 * MIB,
        16 * MIB,
        8 * MIB,
        64 * MIB,
        1_000_000);
  }

  @Test
  void theArithmeticIsThatOfTheAllocations() {
    MemoryPlan plan = MemoryPlan.of(LIMITS, needs(10, 3_000, 3, 8));
    long tensors = 3 * (2 * 8 * 1_000 * 4) + 2 * 18 * 5_000;
    assertThat(plan.bytes(Place.DIRECT))
        .isEqualTo(10 * 3_000 + 3 * 8 * 3_000 + tensors + 2 * 20 * MIB);
    assertThat(plan.bytes(Place.HEAP)).isEqualTo((16 + 8) * MIB + 2 * 4 * MIB + 2 * 16 * MIB);
    assertThat(plan.bytes(Place.NATIVE))
        .isEqualTo(64 * MIB + 90 * MIB + (4 + 2) * (6 * 1_000_000 + 4 * MIB));
  }

  @Test
  void aBatchOfOneIsEncodedInItsSlot() {
    assertThat(MemoryPlan.of(LIMITS, needs(10, 3_000, 3, 1)).parts())
        .extracting(MemoryPlan.Part::name)
        .doesNotContain("batches");
  }

  @Test
  void whatFitsIsAccepted() {
    assertThat(MemoryPlan.of(LIMITS, needs(100, HD, 1, 1)).check()).isEmpty();
  }

  /** 195 x 2.6 MiB. */
  @Test
  void tooManyPixelSlotsAreNamedWithTheSettingsAndAnAmountThatIsEnough() {
    MemoryPlan plan = MemoryPlan.of(LIMITS, needs(195, HD, 1, 1));
    assertThatThrownBy(plan::check)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("195 pixel.slots of 2764800 bytes")
        .hasMessageContaining("its limit is 512 MiB")
        .hasMessageContaining("set GATESTREAM_DIRECT")
        .hasMessageContaining("to 640m or more");
    assertThatCode(() -> MemoryPlan.of(limits(512 * MIB, 640 * MIB), needs(195, HD, 1, 1)).check())
        .doesNotThrowAnyException();
  }

  @Test
  void batchesCountToo() {
    assertThatThrownBy(() -> MemoryPlan.of(LIMITS, needs(20, HD, 8, 32)).check())
        .hasMessageContaining("8 encoder.callers x encoder.batch 32");
    assertThatThrownBy(
            () -> MemoryPlan.of(limits(512 * MIB, 1L << 40), needs(20, HD, 1, 1_000)).check())
        .hasMessageContaining("encoder.batch is 1000");
  }

  @Test
  void aHeapThatIsTooSmallIsNamed() {
    assertThatThrownBy(
            () -> MemoryPlan.of(limits(40 * MIB, 512 * MIB), needs(10, HD, 1, 1)).check())
        .hasMessageContaining("GATESTREAM_HEAP")
        .hasMessageContaining("store.cache.bytes")
        .hasMessageContaining("fetch.bytes");
  }

  /** Many stream threads seldom fetch as much as they may at once. */
  @Test
  void whatMayBeTakenAtMostIsAWarningAndNoRefusal() {
    MemoryPlan plan = MemoryPlan.of(limits(40 * 2 * MIB, 70 * MIB), needs(10, HD, 1, 1));
    assertThat(plan.check()).isEmpty();
    assertThat(MemoryPlan.of(limits(50 * MIB, 60 * MIB), needs(10, HD, 1, 1)).check())
        .satisfiesExactly(
            direct -> assertThat(direct).contains("may have to hold 67 MiB", "GATESTREAM_DIRECT"),
            heap -> assertThat(heap).contains("may have to hold 64 MiB", "GATESTREAM_HEAP"));
  }

  @Test
  void aJvmThatDoesNotTellItsLimitIsNotChecked() {
    MemoryLimits unknown =
        new MemoryLimits(OptionalLong.empty(), 512 * MIB, OptionalLong.empty(), 0, 0);
    assertThatCode(() -> MemoryPlan.of(unknown, needs(1_000, HD, 1, 1)).check())
        .doesNotThrowAnyException();
  }

  /**
   * 1,000 x 2,700 KiB of pixels = 2,637 MiB, 20 MiB of network, 64 of RocksDB, 90 of weights, 48 of
   * heap; what decoders and further threads only may take does not count.
   */
  @Test
  void aLargeModelIsServedWhereTheMachineHasTheMemoryAndRefusedWhereNot() {
    Needs needs = needs(1_000, HD, 1, 1);
    assertThat(MemoryPlan.of(onMachine(2_900 * MIB), needs).check()).isEmpty();
    assertThatThrownBy(() -> MemoryPlan.of(onMachine(2_800 * MIB), needs).check())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("this machine or container has 2800 MiB of memory")
        .hasMessageContaining("and 2859 MiB are needed")
        .hasMessageContaining("pixels 2637 MiB (1000 pixel.slots of 2764800 bytes)")
        .hasMessageContaining("network 20 MiB");
  }

  private static MemoryLimits onMachine(long bytes) {
    return new MemoryLimits(OptionalLong.of(bytes), 512 * MIB, OptionalLong.empty(), 0, 0);
  }

  @Test
  void linesTellEachPartAndWhatIsNotKnown() {
    String lines = String.join("\n", MemoryPlan.of(LIMITS, needs(10, HD, 2, 4)).lines());
    assertThat(lines)
        .contains("heap of 512 MiB", "direct memory of 512 MiB", "pixels 26 MiB", "RocksDB 64 MiB")
        .contains(
            "hot states 8.0 MiB (hot.state.bytes)", "weights 90 MiB", "not known before it runs")
        .contains("maxBytes off, maxPhysicalBytes off");
  }

  @Test
  void theLimitsOfThisProcessAreRead() {
    MemoryLimits here = MemoryLimits.here();
    assertThat(here.heap()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(here.direct().orElseThrow()).isPositive();
    assertThat(here.machine().orElseThrow()).isGreaterThan(here.heap());
    assertThat(here.javaCppPhysical()).as("else tests may end for it").isZero();
  }
}

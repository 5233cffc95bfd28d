package io.gatestream.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentClockTest {
  private final SegmentClock clock = new SegmentClock(1_000);

  private SegmentClock.Times place(long start, long... shown) {
    return clock.place(start, shown).orElseThrow();
  }

  @Test
  void picturesAreShownWhenTheyWereCaptured() {
    assertThat(place(0, 500_000, 540_000, 600_000).shown()).containsExactly(0L, 40L, 100L);
    assertThat(place(2_000_000, 0, 40_000).shown()).containsExactly(2_000L, 2_040L);
  }

  @Test
  void withoutReorderingTheyAreDecodedWhenTheyAreShown() {
    SegmentClock.Times times = place(0, 0, 40_000, 80_000);
    assertThat(times.decoded()).isEqualTo(times.shown());
  }

  @Test
  void noneIsDecodedAfterItIsShownAndDecodingTimesAscend() {
    List<Long> decoded = new ArrayList<>();
    List<Long> shown = new ArrayList<>();
    for (int segment = 0; segment < 3; segment++) {
      // I P B B P B B, at distances that differ from segment to segment
      long step = 40_000L - 15_000L * segment;
      SegmentClock.Times times =
          place(segment * 270_000L, 0, 3 * step, step, 2 * step, 6 * step, 4 * step, 5 * step);
      decoded.addAll(times.decoded());
      shown.addAll(times.shown());
    }
    assertThat(decoded).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < shown.size(); i++) {
      assertThat(decoded.get(i)).isLessThanOrEqualTo(shown.get(i));
    }
    assertThat(shown.get(1)).isEqualTo(120);
  }

  @Test
  void aSegmentThatOverlapsTheOneBeforeComesRightBehindIt() {
    place(0, 0, 40_000, 80_000);
    assertThat(place(60_000, 0, 10_000, 100_000).shown()).containsExactly(81L, 82L, 160L);
  }

  @Test
  void deeperReorderingThanInTheFirstSegmentIsRefused() {
    place(0, 0, 40_000, 80_000);
    assertThat(clock.place(120_000, new long[] {0, 80_000, 40_000})).isEmpty();
  }
}

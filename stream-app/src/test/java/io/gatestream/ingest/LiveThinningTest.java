package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

class LiveThinningTest {
  /** A grid of slots would drop frames of a camera whose frames fall on its lines. */
  @Property(tries = 300)
  void aCameraAtTheRateAskedForLosesNothing(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0.5, max = 60) double fps,
      @ForAll @LongRange(min = 0, max = 1_000_000) long phase) {
    Thinning thinning = new LiveThinning(fps);
    Random random = new Random(seed);
    double interval = 1e6 / fps;
    for (int i = 0; i < 500; i++) {
      double jitter = (random.nextDouble() - 0.5) * 0.2 * interval;
      assertThat(thinning.keeps(phase + Math.round(i * interval + jitter))).isTrue();
    }
  }

  @Property(tries = 100)
  void aFasterCameraComesDownToTheRate(@ForAll @DoubleRange(min = 12, max = 120) double fps) {
    Thinning thinning = new LiveThinning(10);
    int kept = 0;
    int count = (int) (60 * fps);
    for (int i = 0; i < count; i++) {
      kept += thinning.keeps(Math.round(i * 1e6 / fps)) ? 1 : 0;
    }
    assertThat(kept).isBetween(500, 602);
  }
}

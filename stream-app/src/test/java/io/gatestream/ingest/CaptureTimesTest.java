package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

/** Steps of the machine's clock while a camera sends ten frames a second (D3). */
class CaptureTimesTest {
  private static final long SECOND = 1_000_000;
  private static final Instant EPOCH = Instant.parse("2026-03-01T12:00:00Z");

  private long monotonic;
  private long wall;
  private List<String> warnings = new ArrayList<>();
  private ClockTally tally = new ClockTally(warnings::add);
  private CaptureTimes captureTimes = times();
  private Timeline timeline = new Timeline();

  @BeforeTry
  void start() {
    monotonic = 50 * SECOND;
    wall = 0;
    warnings = new ArrayList<>();
    tally = new ClockTally(warnings::add);
    captureTimes = times();
    timeline = new Timeline();
  }

  private CaptureTimes times() {
    LiveClock clock = new LiveClock(() -> monotonic * 1_000, tally);
    clock.connect(true, 100_000, 0);
    clock.times(List.of(new Arrival(50 * SECOND, OptionalLong.of(0))));
    return new CaptureTimes(() -> EPOCH.plus(wall, ChronoUnit.MICROS), clock, tally);
  }

  private void send(long seconds) {
    for (int i = 0; i < seconds * 10; i++) {
      timeline.add(captureTimes.of(monotonic - 50 * SECOND));
      monotonic += 100_000;
      wall += 100_000;
    }
  }

  private long behind() {
    long last = timeline.times().get(timeline.times().size() - 1);
    return FrameStamper.micros(EPOCH.plus(wall - 100_000, ChronoUnit.MICROS)) - last;
  }

  @Example
  void withoutAStepTheyAreTheClocks() {
    send(3_600);
    assertThat(timeline.times()).hasSize(36_000);
    assertThat(timeline.step(17)).isEqualTo(100_000);
    assertThat(behind()).isZero();
    assertThat(tally.report()).isEqualTo(ClockReport.NONE);
  }

  @Property(tries = 50)
  void setBackTheyGoOnAsBeforeAndSayIt(
      @ForAll @LongRange(min = -100_000_000_000L, max = -600_000) long step) {
    send(20);
    wall += step;
    send(400);
    assertThat(timeline.gaps()).isEmpty();
    assertThat(timeline.skipped(100_000)).isEmpty();
    assertThat(tally.report().clockSteps()).isEqualTo(1);
    assertThat(tally.report().aheadMicros()).isEqualTo(-step);
    assertThat(warnings).singleElement().asString().contains("go on as before");
  }

  @Property(tries = 50)
  void setForwardALittleTheyFollowWithoutAGap(
      @ForAll @LongRange(min = 600_000, max = 10_000_000) long step) {
    send(20);
    wall += step;
    send(300);
    assertThat(timeline.gaps()).isEmpty();
    assertThat(timeline.skipped(100_000)).isEmpty();
    assertThat(behind()).isCloseTo(0, within(1L));
    for (int i = 1; i < timeline.times().size(); i++) {
      assertThat(timeline.step(i)).isBetween(100_000L, 105_001L);
    }
    assertThat(warnings).hasSize(1);
  }

  @Property(tries = 50)
  void setForwardFarTheyJumpOnceItHasKept(
      @ForAll @LongRange(min = 10_000_001, max = 100_000_000_000L) long step) {
    send(20);
    wall += step;
    send(9);
    assertThat(timeline.gaps()).isEmpty();
    send(60);
    assertThat(timeline.gaps()).containsExactly(300);
    assertThat(behind()).isZero();
    assertThat(warnings).hasSize(1);
  }

  @Example
  void aClockThatFlapsIsNotFollowed() {
    for (int i = 0; i < 50; i++) {
      send(5);
      wall += (i % 2 == 0 ? 600 : -600) * SECOND;
    }
    assertThat(timeline.gaps()).isEmpty();
    assertThat(tally.report().clockSteps()).isEqualTo(49);
  }

  /** Any steps: at most one discontinuity a step, and never back. */
  @Property(tries = 200)
  void atMostOneDiscontinuityAStep(
      @ForAll @Size(max = 10)
          List<@LongRange(min = -4_000_000_000L, max = 4_000_000_000L) Long> steps) {
    for (long step : steps) {
      send(15);
      wall += step;
    }
    send(15);
    assertThat(timeline.gaps().size()).isLessThanOrEqualTo(steps.size());
    for (int i = 1; i < timeline.times().size(); i++) {
      assertThat(timeline.step(i)).isPositive();
    }
    assertThat(timeline.skipped(100_000)).isEmpty();
  }
}

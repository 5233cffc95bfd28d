package io.gatestream.ingest;

import static io.gatestream.ingest.SimulatedCamera.SECOND;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cameras of all kinds against the clock's promises, docs/live-sources.md. */
class LiveClockTest {
  private static final long START = 77 * SECOND;
  private static final long WRAP_33_BITS = Math.round((1L << 33) / 0.09);
  private static final long WRAP_32_BITS = Math.round((1L << 32) / 0.09);

  private List<String> warnings = new ArrayList<>();
  private ClockTally tally = new ClockTally(warnings::add);
  private LiveClock clock = new LiveClock(() -> 0, tally);
  private Timeline timeline = new Timeline();

  @BeforeTry
  void anotherClock() {
    warnings = new ArrayList<>();
    tally = new ClockTally(warnings::add);
    clock = new LiveClock(() -> 0, tally);
    timeline = new Timeline();
  }

  private void stamped(SimulatedCamera camera, long wrap) {
    clock.connect(true, 40_000, wrap);
    timeline.feed(clock, camera.arrivals());
  }

  private void unstamped(SimulatedCamera camera) {
    clock.connect(false, 40_000, 0);
    timeline.feed(clock, camera.unstamped());
  }

  private void assertIncreasing() {
    for (int i = 1; i < timeline.times().size(); i++) {
      if (timeline.step(i) <= 0) {
        throw new AssertionError("step %d: %d".formatted(i, timeline.step(i)));
      }
    }
  }

  /** Nothing is missing, so nothing may be reset or skipped. */
  private void assertWhole(double interval) {
    assertIncreasing();
    assertThat(timeline.gaps()).as("gaps").isEmpty();
    assertThat(timeline.skipped((long) interval)).as("skipped").isEmpty();
    if (interval >= 100_000) {
      assertThat(timeline.skipped(100_000)).as("skipped by a model of 10 a second").isEmpty();
    }
  }

  private void assertSpacing(SimulatedCamera camera, double relative, double absolute) {
    assertThat(timeline.times()).hasSize(camera.size());
    for (int i = 1; i < camera.size(); i++) {
      double wanted = camera.captured(i) - (double) camera.captured(i - 1);
      if (Math.abs(timeline.step(i) - wanted) > relative * wanted + absolute) {
        throw new AssertionError("step %d: %d, not %f".formatted(i, timeline.step(i), wanted));
      }
    }
  }

  /**
   * D4, and any network: the stamps' spacing stays. Where the delay comes to stay at more than
   * {@link StampLine#LEAST_LAG}, times are stretched by a twentieth of what is above it, a second.
   */
  @Property(tries = 60)
  void aGoodCameraKeepsItsSpacing(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 1, max = 60) double fps,
      @ForAll @LongRange(min = 0, max = 500_000) long jitter,
      @ForAll @LongRange(min = 0, max = 5_000_000) long backlog,
      @ForAll @LongRange(min = 0, max = 8_000_000) long stall) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames((int) (60 * fps), 1e6 / fps, jitter)
            .hold(START, START + backlog)
            .hold(START + 20 * SECOND, START + 20 * SECOND + stall);
    stamped(camera, 0);
    assertSpacing(camera, Math.max(0, jitter - StampLine.LEAST_LAG) / 20e6, 2);
    assertWhole(1e6 / fps);
    if (jitter <= StampLine.LEAST_LAG) {
      assertThat(tally.report()).isEqualTo(ClockReport.NONE);
    }
    assertThat(warnings).isEmpty();
  }

  /** The first frame is dated back by what the demuxer had gathered. */
  @Property(tries = 60)
  void aBacklogWasCapturedBefore(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = 10_000_000) long backlog) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START).frames(600, 50_000, 20_000).hold(START, START + backlog);
    stamped(camera, 0);
    assertThat(clock.originMicros()).isCloseTo(START, within(50_000L));
  }

  /** A camera's clock that is up to 3 % off: followed, neither gap nor skip. */
  @Property(tries = 60)
  void driftIsFollowedSmoothly(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 1, max = 60) double fps,
      @ForAll @DoubleRange(min = -0.03, max = 0.03) double drift,
      @ForAll @LongRange(min = 0, max = 60_000) long jitter,
      @ForAll @LongRange(min = 0, max = 3_000_000) long backlog) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames((int) (60 * fps), 1e6 / fps, jitter)
            .hold(START, START + backlog)
            .stamps(stamp -> Math.round((stamp - START) * (1 + drift)));
    stamped(camera, 0);
    assertWhole(1e6 / fps * (1 + drift));
    assertSpacing(camera, 0.09, 5);
    for (int i = 0; i < camera.size(); i += 50) {
      assertThat((double) timeline.times().get(i) + clock.originMicros() - camera.captured(i))
          .as("offset of frame %d", i)
          .isBetween(-2.0 * SECOND, 7.0 * SECOND);
    }
  }

  /** Drift for hours stays followed: behind by at most 1 s, ahead by at most 7 s. */
  @Property(tries = 20)
  void driftOfHoursStaysBounded(
      @ForAll long seed, @ForAll @DoubleRange(min = -0.05, max = 0.05) double drift) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames(36_000, 200_000, 50_000)
            .stamps(stamp -> Math.round(stamp * (1 + drift)));
    stamped(camera, 0);
    assertThat(timeline.gaps()).isEmpty();
    assertThat(timeline.skipped(100_000)).isEmpty();
    for (int i = 0; i < camera.size(); i += 100) {
      assertThat((double) timeline.times().get(i) + clock.originMicros() - camera.captured(i))
          .isBetween(-1.5 * SECOND, 7.5 * SECOND);
    }
    if (Math.abs(drift) > 0.001) {
      assertThat(tally.report().driftMicros()).isPositive();
      assertThat(warnings).hasSizeLessThanOrEqualTo(1);
    }
  }

  /** D2: stamps of 10 a second where 8.4 or 11.9 come. */
  @Property(tries = 50)
  void aCameraThatStampsAnotherRateThanItShips(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.82, max = 1.3) double ratio) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames(300, 100_000 * ratio, 10_000)
            .stamps(stamp -> Math.round((stamp - START) / ratio));
    stamped(camera, 0);
    assertWhole(100_000);
    if (ratio > 1.03 || ratio < 0.8) {
      assertThat(tally.report().notes()).anyMatch(note -> note.contains("drift"));
    }
  }

  /** D5: single stamps that lie hours away, forward or back. */
  @Property(tries = 60)
  void singleWildStampsAreReplaced(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 1, max = 60) double fps,
      @ForAll @IntRange(min = 1, max = 20) int wild) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START).frames(400, 1e6 / fps, (long) (0.2e6 / fps));
    Random random = camera.random();
    for (int i = 0; i < wild; i++) {
      int index = 5 + i * 19 + random.nextInt(8);
      long away = (3 + random.nextInt(40_000)) * SECOND * (random.nextBoolean() ? 1 : -1);
      camera.stamp(index, camera.stamp(index) + away);
    }
    stamped(camera, 0);
    assertSpacing(camera, 0.01, 5);
    assertWhole(1e6 / fps);
    assertThat(tally.report().wild()).isEqualTo(wild);
    assertThat(warnings).hasSize(1);
  }

  @Property(tries = 60)
  void countersThatWrapGoOn(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 1, max = 60) double fps,
      @ForAll boolean rtp,
      @ForAll @LongRange(min = 0, max = 30_000_000) long before) {
    long wrap = rtp ? WRAP_32_BITS : WRAP_33_BITS;
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames((int) (40 * fps), 1e6 / fps, 30_000)
            .stamps(stamp -> Math.floorMod(stamp - START - before, wrap));
    stamped(camera, wrap);
    assertSpacing(camera, 0, 3);
    assertWhole(1e6 / fps);
    assertThat(tally.report()).isEqualTo(ClockReport.NONE);
  }

  /** A camera that begins its count anew within a connection, anywhere. */
  @Property(tries = 60)
  void stampsThatBeginAnewAreFollowed(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 1, max = 60) double fps,
      @ForAll @IntRange(min = 10, max = 190) int at,
      @ForAll @LongRange(min = -100_000_000_000L, max = 100_000_000_000L) long jump) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START).frames(400, 1e6 / fps, (long) (0.2e6 / fps));
    long shift = Math.abs(jump) < 3 * SECOND ? 3 * SECOND : jump;
    for (int i = at; i < camera.size(); i++) {
      camera.stamp(i, camera.stamp(i) + shift);
    }
    stamped(camera, 0);
    assertSpacing(camera, 0.01, 5);
    assertWhole(1e6 / fps);
    assertThat(tally.report().restarts()).isEqualTo(1);
    assertThat(tally.report().wild()).isZero();
    assertThat(warnings).anyMatch(warning -> warning.contains("began anew"));
  }

  /** A camera that was truly silent is a gap, one, at its place. */
  @Property(tries = 60)
  void aTruePauseStaysAGap(
      @ForAll long seed,
      @ForAll boolean stamps,
      @ForAll @DoubleRange(min = 4, max = 60) double fps,
      @ForAll @LongRange(min = 2_500_000, max = 30_000_000) long pause) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames((int) (20 * fps), 1e6 / fps, (long) (0.05e6 / fps))
            .pause(pause)
            .frames((int) (20 * fps), 1e6 / fps, (long) (0.05e6 / fps));
    if (stamps) {
      stamped(camera, 0);
    } else {
      unstamped(camera);
    }
    assertIncreasing();
    int first = (int) (20 * fps);
    assertThat(timeline.gaps()).containsExactly(first);
    assertThat((double) timeline.step(first)).isCloseTo(pause + 1e6 / fps, within(0.4e6 / fps));
    assertThat(timeline.skipped((long) (1e6 / fps))).isEmpty();
  }

  /** The camera is connected anew: the outage shows as long as it was. */
  @Property(tries = 60)
  void anOutageBetweenConnectionsShows(
      @ForAll long seed,
      @ForAll boolean stamps,
      @ForAll @DoubleRange(min = 4, max = 60) double fps,
      @ForAll @LongRange(min = 100_000, max = 60_000_000) long outage,
      @ForAll @LongRange(min = 0, max = 3_000_000) long backlog) {
    SimulatedCamera one = new SimulatedCamera(seed, START).frames((int) (10 * fps), 1e6 / fps, 0);
    long again = one.now() + outage;
    SimulatedCamera two =
        new SimulatedCamera(seed + 1, again)
            .frames((int) (10 * fps), 1e6 / fps, 0)
            .hold(again, again + backlog)
            .stamps(stamp -> stamp - again);
    if (stamps) {
      stamped(one, 0);
      stamped(two, 0);
    } else {
      unstamped(one);
      unstamped(two);
    }
    assertIncreasing();
    double expected = outage + 1e6 / fps;
    assertThat((double) timeline.step(one.size())).isCloseTo(expected, within(1.5e6 / fps));
    assertThat(timeline.skipped((long) (1e6 / fps))).isEmpty();
    assertThat(tally.report().connections()).isEqualTo(1);
  }

  /** A server that sends its last seconds again at each connection. */
  @Property(tries = 60)
  void framesThatAreSentAgainDoNotDriveTimesIntoTheFuture(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int connections) {
    SimulatedCamera last = null;
    for (int i = 0; i < connections; i++) {
      long live = START + i * 4L * SECOND;
      last = new SimulatedCamera(seed, live - 5 * SECOND).frames(90, 100_000, 0).hold(0, live);
      stamped(last, 0);
    }
    assertIncreasing();
    long end = timeline.times().get(timeline.times().size() - 1) + clock.originMicros();
    assertThat(end - requireNonNull(last).captured(last.size() - 1))
        .isBetween(-SECOND, 15 * SECOND);
  }

  /** D1: no stamps, as multipart JPEG. */
  @Property(tries = 60)
  void framesWithoutStampsKeepTheirRate(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 1, max = 60) double fps,
      @ForAll @DoubleRange(min = 0, max = 0.2) double jitter,
      @ForAll @LongRange(min = 0, max = 5_000_000) long backlog) {
    double late = fps < 10 ? jitter / 4 : jitter;
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames((int) (60 * fps), 1e6 / fps, (long) (late * 1e6 / fps))
            .hold(START, START + backlog);
    unstamped(camera);
    assertWhole(1e6 / fps);
    assertSpacing(camera, 0.2, 0);
    assertThat(tally.report().unstamped()).isEqualTo(camera.size());
    assertThat(warnings).hasSize(1);
  }

  /** Without stamps and all at once, such as a bare file: what the container claims is taken. */
  @Property(tries = 20)
  void framesWithoutStampsThatAllComeAtOnceGetTheClaimedRate(@ForAll long seed) {
    unstamped(new SimulatedCamera(seed, START).frames(200, 33_333, 0).hold(0, START * 2));
    for (int i = 1; i < 200; i++) {
      assertThat(timeline.step(i)).isEqualTo(40_000);
    }
  }

  /** Without stamps, the network holds frames up for a while: they are spread again. */
  @Property(tries = 60)
  void framesWithoutStampsThatWereHeldUpAreSpread(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 4, max = 30) double fps,
      @ForAll @LongRange(min = 0, max = 12_000_000) long stall) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames((int) (60 * fps), 1e6 / fps, (long) (0.05e6 / fps))
            .hold(START + 20 * SECOND, START + 20 * SECOND + stall);
    unstamped(camera);
    assertWhole(1e6 / fps);
    assertSpacing(camera, 0.25, 0);
  }

  /** Stamps that were made up at 25 a second, in a format that has stamps. */
  @Property(tries = 60)
  void stampsOfAMadeUpRateAreNotTrusted(
      @ForAll long seed, @ForAll @DoubleRange(min = 4, max = 15) double fps) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START).frames(400, 1e6 / fps, (long) (0.05e6 / fps));
    for (int i = 0; i < camera.size(); i++) {
      camera.stamp(i, i * 40_000L);
    }
    stamped(camera, 0);
    assertIncreasing();
    assertThat(timeline.gaps()).isEmpty();
    assertThat(timeline.skipped((long) (1e6 / fps)).size()).isLessThan(5);
    assertThat(tally.report().distrusted()).isGreaterThan(300);
    assertThat(warnings).anyMatch(warning -> warning.contains("make no sense"));
  }

  /** Stamps that stand still, or are missing altogether. */
  @Property(tries = 60)
  void stampsThatStandStillAreNotTrusted(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 4, max = 60) double fps,
      @ForAll boolean missing) {
    SimulatedCamera camera =
        new SimulatedCamera(seed, START)
            .frames((int) (60 * fps), 1e6 / fps, (long) (0.05e6 / fps))
            .stamps(stamp -> 5);
    clock.connect(true, 40_000, 0);
    timeline.feed(clock, missing ? camera.unstamped() : camera.arrivals());
    assertIncreasing();
    assertThat(timeline.gaps()).isEmpty();
    assertThat(timeline.skipped((long) (1e6 / fps)).size()).isLessThan(30);
    assertThat(tally.report().distrusted()).isGreaterThan(camera.size() / 2);
  }

  /** Whatever stamps come: times grow, and no gap where frames came. */
  @Property(tries = 100)
  void noStampsMakeAGapWhereFramesCame(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 3, max = 60) double fps,
      @ForAll @IntRange(min = 0, max = 3) int kind) {
    wildStamps(seed, fps, kind);
  }

  /** A slow beat ahead of its arrivals, and one whose first stamps were far too close. */
  @ParameterizedTest
  @CsvSource({
    "-6412893952087311716, 5.214994929142847, 3",
    "-8365901872290129552, 3.3171884254440993, 0",
    "-4555903426709207773, 14.044846991670248, 3",
    "-4087231922496292542, 3.0867524276142815, 0",
    "-5519011257830871058, 3.504675404614152, 3"
  })
  void wildStampsThatOnceMadeAGap(long seed, double fps, int kind) {
    anotherClock();
    wildStamps(seed, fps, kind);
  }

  private void wildStamps(long seed, double fps, int kind) {
    SimulatedCamera camera = new SimulatedCamera(seed, START).frames(1_000, 1e6 / fps, 100_000);
    Random random = camera.random();
    for (int i = 0; i < camera.size(); i++) {
      long stamp = camera.stamp(i);
      camera.stamp(
          i,
          switch (kind) {
            case 0 -> random.nextLong() >> random.nextInt(64);
            case 1 -> stamp + (i % 2 == 0 ? 0 : 7 * SECOND);
            case 2 -> stamp + (random.nextInt(4) == 0 ? random.nextInt() : 0);
            default -> stamp * (1 + random.nextInt(5));
          });
    }
    stamped(camera, 0);
    assertIncreasing();
    assertThat(timeline.gaps()).isEmpty();
    assertThat(tally.report().notes()).isNotEmpty();
    double behind =
        camera.captured(999) - timeline.times().get(999) - (double) clock.originMicros();
    assertThat(behind).isBetween(-15.0 * SECOND, 15.0 * SECOND);
  }

  /** Frames that a camera leaves out stay left out: at 10 a second every third is missing. */
  @Property(tries = 50)
  void aFrameLeftOutLeavesItsHole(@ForAll long seed) {
    SimulatedCamera camera = new SimulatedCamera(seed, START);
    for (int i = 0; i < 200; i++) {
      camera.frames(2, 100_000, 20_000).pause(100_000);
    }
    stamped(camera, 0);
    assertSpacing(camera, 0, 2);
    assertThat(tally.report()).isEqualTo(ClockReport.NONE);
  }

  @Property(tries = 20)
  void framesWhoseStampIsMissingGetTheUsualSpacing(@ForAll long seed) {
    SimulatedCamera camera = new SimulatedCamera(seed, START).frames(200, 100_000, 10_000);
    List<Arrival> arrivals = new ArrayList<>(camera.arrivals());
    for (int i : new int[] {0, 1, 50, 51, 120}) {
      arrivals.set(i, new Arrival(arrivals.get(i).micros(), OptionalLong.empty()));
    }
    clock.connect(true, 40_000, 0);
    timeline.feed(clock, arrivals);
    for (int i = 3; i < camera.size(); i++) {
      assertThat(timeline.step(i)).isCloseTo(100_000L, within(3L));
    }
    assertThat(timeline.gaps()).isEmpty();
    assertThat(tally.report().missing()).isPositive();
  }
}

package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettledClockTest {
  private Instant wall = Instant.parse("2026-11-29T12:00:00Z");
  private long nanos;
  private int stepsLeft;
  private final List<String> warnings = new ArrayList<>();
  private final SettledClock clock = new SettledClock(() -> wall, () -> nanos, this::sleep);

  private void sleep(Duration time) {
    pass(time);
    if (stepsLeft > 0) {
      stepsLeft--;
      wall = wall.plusSeconds(1_000);
    }
  }

  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
  }

  @Test
  void aClockThatGoesAsTimeDoesIsTakenAtOnce() throws Exception {
    pass(Duration.ofSeconds(3));
    wall = wall.plusMillis(20); // slewed
    long before = nanos;
    clock.await(warnings::add);
    assertThat(nanos).isEqualTo(before);
    assertThat(warnings).isEmpty();
  }

  @Test
  void aClockThatIsSetIsWaitedFor() throws Exception {
    wall = wall.plus(Duration.ofDays(9_000));
    stepsLeft = 3;
    clock.await(warnings::add);
    assertThat(stepsLeft).isZero();
    assertThat(nanos).isEqualTo(Duration.ofSeconds(2).toNanos());
    assertThat(warnings).hasSize(1).first().asString().contains("was set just now");
  }

  @Test
  void aClockThatIsSetForEverIsTakenInTheEnd() throws Exception {
    wall = wall.minusSeconds(50);
    stepsLeft = 1_000;
    clock.await(warnings::add);
    assertThat(nanos).isEqualTo(Duration.ofSeconds(10).toNanos());
  }

  @Test
  void aClockThatCannotBeIsSaid() throws Exception {
    wall = Instant.parse("1970-01-01T00:05:00Z");
    SettledClock early = new SettledClock(() -> wall, () -> nanos, this::sleep);
    early.await(warnings::add);
    assertThat(warnings).hasSize(1).first().asString().contains("1970-01-01T00:05:00Z");
  }
}

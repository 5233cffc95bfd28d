package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FailureLimitTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final FailureLimit limit = new FailureLimit((InstantSource) now::get);

  @Test
  void theFifthFailureOfAPositionIsTheLast() {
    for (int i = 1; i < FailureLimit.MAX_FAILURES; i++) {
      assertThat(limit.isReached("frames partition 0 offset 7")).isFalse();
      assertThat(limit.isReached("frames partition 0 offset " + (100 + i))).isFalse();
    }
    assertThat(limit.isReached("frames partition 0 offset 7")).isTrue();
  }

  @Test
  void oldFailuresAreForgotten() {
    for (int i = 0; i < 20; i++) {
      assertThat(limit.isReached("network")).isFalse();
      now.updateAndGet(time -> time.plusSeconds(601));
    }
  }
}

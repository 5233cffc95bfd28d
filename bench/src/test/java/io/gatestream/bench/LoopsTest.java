package io.gatestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.OutageException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopsTest {
  private final Loops loops = new Loops(0.01, 0.05);

  @Test
  void everyThreadWorksUntilAllHaveBeenMeasuredAndItsWorkIsClosed() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    Loops.Rate rate =
        loops.rate(
            3,
            () -> {
              made.incrementAndGet();
              return new Work() {
                @Override
                public int run() throws InterruptedException {
                  Thread.sleep(1);
                  return 1_000;
                }

                @Override
                public void close() {
                  closed.incrementAndGet();
                }
              };
            });

    assertThat(made).hasValue(3);
    assertThat(closed).hasValue(3);
    // a thread cannot make more than one call a millisecond
    assertThat(rate.fps()).isPositive().isLessThanOrEqualTo(3_000_000);
    assertThat(rate.cpuMicros()).isNotNegative();
  }

  @Test
  void aFailureEndsTheMeasurementAndIsNamed() {
    assertThatThrownBy(
            () ->
                loops.rate(
                    2,
                    () ->
                        () -> {
                          throw new IllegalStateException("no such frame");
                        }))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("no such frame");
  }
}

package io.gatestream.stream.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PassesTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Passes passes = new Passes(new PassLimits(600_000, 900_000, 1), registry);

  @Test
  void eachCommitIsAPass() {
    passes.polled();
    passes.begun();
    passes.committed();
    passes.begun();
    passes.committed();
    assertThat(registry.get("gatestream.pass").timer().count()).isEqualTo(2);
    assertThat(registry.get("gatestream.passes.lost").counter().count()).isZero();
  }

  /** The time in which nothing came is no part of a pass, but all since its first record is. */
  @Test
  void aPassBeginsWithItsFirstRecord() {
    long before = System.nanoTime();
    passes.polled();
    long polled = System.nanoTime();
    passes.begun();
    busyFor(20);
    passes.polled(); // more come before the commit
    long committing = System.nanoTime();
    passes.committed();
    double nanos = registry.get("gatestream.pass").timer().max(TimeUnit.NANOSECONDS);
    assertThat(nanos)
        .isBetween((double) (committing - polled), (double) (System.nanoTime() - before));
  }

  @Test
  void threeLostInARowAreStuckUntilACommit() {
    for (int i = 1; i < Passes.MAX_LOST; i++) {
      lose();
      assertThat(passes.areStuck()).isFalse();
    }
    lose();
    assertThat(passes.areStuck()).isTrue();
    passes.begun();
    passes.committed();
    assertThat(passes.areStuck()).isFalse();
    lose();
    assertThat(passes.areStuck()).as("in a row").isFalse();
    assertThat(registry.get("gatestream.passes.lost").counter().count()).isEqualTo(4);
  }

  @Test
  void aCommitOfAnotherThreadDoesNotHelpAndAThreadThatEndedIsForgotten() throws Exception {
    Thread losing =
        new Thread(
            () -> {
              for (int i = 0; i < Passes.MAX_LOST; i++) {
                lose();
              }
              passes.begun();
              assertThat(stuckForAnother()).isTrue();
            });
    Throwable[] thrown = new Throwable[1];
    losing.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
    losing.start();
    losing.join();
    assertThat(thrown[0]).isNull();
    assertThat(passes.areStuck()).as("its thread is gone, and another has its work").isFalse();
  }

  private boolean stuckForAnother() {
    boolean[] stuck = new boolean[1];
    Thread other =
        new Thread(
            () -> {
              passes.begun();
              passes.committed();
              stuck[0] = passes.areStuck();
            });
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return stuck[0];
  }

  private void lose() {
    passes.begun();
    passes.lost("test");
  }

  private static void busyFor(int millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }
}

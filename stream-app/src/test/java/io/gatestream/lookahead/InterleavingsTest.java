package io.gatestream.lookahead;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.process.ChildJvm;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.strategy.managed.modelchecking.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/**
 * Goes through the interleavings of a few threads with a model checker, Lincheck. In a JVM of its
 * own, for it instruments the JDK's classes, and with one processor, for its waiting threads then
 * yield in place of spinning.
 */
class InterleavingsTest {
  @Test
  void noInterleavingBreaksARule() throws Exception {
    ChildJvm.Outcome outcome =
        ChildJvm.run(List.of("-XX:ActiveProcessorCount=1", "-Xmx512m"), InterleavingsTest.class);
    assertThat(outcome.code()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("all checked");
  }

  public static void main(String[] arguments) {
    LinChecker.check(PixelPoolInterleavings.class, options(4, 60));
    LinChecker.check(RecordJobInterleavings.class, options(8, 60));
    LinChecker.check(MicroBatcherInterleavings.class, options(3, 30));
    System.out.println("all checked");
    System.exit(0);
  }

  private static ModelCheckingOptions options(int scenarios, int interleavings) {
    return new ModelCheckingOptions()
        .threads(3)
        .actorsPerThread(1)
        .actorsBefore(0)
        .actorsAfter(0)
        .iterations(scenarios)
        .invocationsPerIteration(interleavings)
        // not by the clock: a busy machine is no deadlock
        .invocationTimeout$lincheck(600_000);
  }
}

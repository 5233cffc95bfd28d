package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.Provider;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RoughTimesTest {
  @Test
  void theMedianOfEachCallIsTold() {
    ModelBundle bundle = BundleReader.load(TestBundles.tinyElapsed());
    AtomicLong readings = new AtomicLong();
    try (ModelRuntime runtime = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT)) {
      // the n-th reading is n * n milliseconds: call k, from 0, takes 4k + 1
      RoughTimes times =
          RoughTimes.measure(
              bundle, runtime, () -> readings.get() * readings.getAndIncrement() * 1_000_000);
      assertThat(times.encoderMillis()).isEqualTo((4 * 9 + 1 + 4 * 10 + 1) / 2.0);
      assertThat(times.stepMillis()).isEqualTo((4 * 29 + 1 + 4 * 30 + 1) / 2.0);
    }
  }
}

package io.gatestream.model;

import io.gatestream.config.Provider;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Runtimes of the tests. */
public final class TestRuntimes {
  private TestRuntimes() {}

  /** One caller on one thread of the CPU, a picture a call. The caller closes it. */
  public static ModelRuntime open(ModelBundle bundle) {
    return ModelRuntime.open(
        bundle,
        Provider.CPU,
        new RuntimeSettings(OptionalInt.of(1), OptionalInt.of(1), 1, 0, OptionalLong.empty()));
  }
}

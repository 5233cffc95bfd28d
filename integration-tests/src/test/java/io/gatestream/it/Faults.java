package io.gatestream.it;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The faults of the application's test jar, for processes that are started with its environment.
 */
final class Faults {
  private static final Path BUILT = Gatestream.ROOT.resolve("stream-app/target");

  private Faults() {}

  /** An environment with the test jar on the class path. */
  static Map<String, String> environment(String javaOptions) {
    List<String> jars =
        Folders.files(BUILT).stream().filter(file -> file.matches("[^/]*-tests\\.jar")).toList();
    if (jars.size() != 1) {
      throw new IllegalStateException(
          "test jars in %s: %s; ./mvnw package makes one".formatted(BUILT, jars));
    }
    return new HashMap<>(
        Map.of(
            Gatestream.JAVA_OPTS,
            javaOptions,
            "GATESTREAM_CLASS_PATH",
            BUILT.resolve(jars.get(0)).toString()));
  }
}

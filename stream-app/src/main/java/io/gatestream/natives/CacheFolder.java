package io.gatestream.natives;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The user's folder for what Gatestream can make again. */
public final class CacheFolder {
  private static final String PROPERTY = "gatestream.cache";

  private CacheFolder() {}

  /** As the launcher says; without it as the XDG base directories do. */
  public static Path standard() {
    return of(System::getProperty, System::getenv);
  }

  /** The folder that the launcher names, empty where it did not start this process. */
  public static Optional<Path> ofLauncher() {
    return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of);
  }

  static Path of(Function<String, String> properties, Function<String, String> environment) {
    String fromLauncher = properties.apply(PROPERTY);
    if (fromLauncher != null) {
      return Path.of(fromLauncher);
    }
    return Optional.ofNullable(environment.apply("XDG_CACHE_HOME"))
        .map(Path::of)
        .filter(Path::isAbsolute) // a relative one is to be ignored
        .orElseGet(() -> Path.of(properties.apply("user.home"), ".cache"))
        .resolve("gatestream");
  }
}

package io.gatestream.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The user's folder for what Gatestream can make again. */
final class CacheFolder {
  private CacheFolder() {}

  /** As the launcher says; without it as the XDG base directories do. */
  static Path standard() {
    return of(System::getProperty, System::getenv);
  }

  static Path of(Function<String, String> properties, Function<String, String> environment) {
    String fromLauncher = properties.apply("gatestream.cache");
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

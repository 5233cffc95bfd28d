package io.gatestream.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the checkout lies that the launcher belongs to, with its bundles and samples. */
public final class Home {
  private Home() {}

  public static Optional<Path> path() {
    return Optional.ofNullable(System.getProperty("gatestream.home")).map(Path::of);
  }

  /** A bundle that comes with Gatestream. */
  public static Optional<Path> bundle(String name) {
    return path()
        .map(home -> home.resolve("stream-app/models").resolve(name))
        .filter(Files::isDirectory);
  }
}

package io.gatestream.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the checkout lies that the launcher belongs to, with its bundles and samples. */
final class Home {
  private Home() {}

  static Optional<Path> path() {
    return Optional.ofNullable(System.getProperty("gatestream.home")).map(Path::of);
  }

  /** A bundle that comes with Gatestream. */
  static Optional<Path> bundle(String name) {
    return path()
        .map(home -> home.resolve("stream-app/models").resolve(name))
        .filter(Files::isDirectory);
  }
}

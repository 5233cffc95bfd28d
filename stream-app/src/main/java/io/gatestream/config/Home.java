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

  /** The bundle that comes with Gatestream, which is taken where no other is named. */
  public static Optional<Path> standardBundle() {
    return folder("stream-app/models/object-motion");
  }

  /** The sample clips with their truth. */
  public static Optional<Path> samples() {
    return folder("stream-app/samples");
  }

  private static Optional<Path> folder(String name) {
    return path().map(home -> home.resolve(name)).filter(Files::isDirectory);
  }
}

package io.gatestream.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the checkout or the distribution lies that the launcher belongs to, with its bundles and
 * samples.
 */
public final class Home {
  private Home() {}

  public static Optional<Path> path() {
    return Optional.ofNullable(System.getProperty("gatestream.home")).map(Path::of);
  }

  /** A bundle that comes with Gatestream. */
  public static Optional<Path> bundle(String name) {
    return path().map(home -> folder(home, "models").resolve(name)).filter(Files::isDirectory);
  }

  /** The sample clips and their truth; without a launcher those below the working folder. */
  public static Path samples() {
    return folder(path().orElse(Path.of(".")), "samples");
  }

  /**
   * A checkout is known by its application: it may also have a folder models, of the user's own.
   */
  private static Path folder(Path home, String name) {
    Path checkout = home.resolve("stream-app");
    return (Files.isDirectory(checkout) ? checkout : home).resolve(name);
  }
}

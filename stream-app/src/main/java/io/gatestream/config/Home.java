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

  /** The bundle that comes with Gatestream, which is taken where no other is named. */
  public static Optional<Path> standardBundle() {
    return folder("models").map(models -> models.resolve("object-motion"));
  }

  /** The sample clips with their truth. */
  public static Optional<Path> samples() {
    return folder("samples");
  }

  /** Whether this runs from a distribution, whose folders and launcher lie elsewhere. */
  public static boolean isDistribution() {
    return path().filter(home -> !isCheckout(home)).isPresent();
  }

  private static Optional<Path> folder(String name) {
    return path()
        .map(home -> isCheckout(home) ? home.resolve("stream-app") : home)
        .map(folder -> folder.resolve(name))
        .filter(Files::isDirectory);
  }

  /**
   * A checkout is known by its application: it may also have a folder models, of the user's own.
   */
  private static boolean isCheckout(Path home) {
    return Files.isDirectory(home.resolve("stream-app"));
  }
}

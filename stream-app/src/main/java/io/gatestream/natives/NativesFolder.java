package io.gatestream.natives;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a distribution in which native libraries lie unpacked, each under the name that its
 * jar's entry had. It may be read-only.
 */
public final class NativesFolder {
  private static final String PROPERTY = "gatestream.natives";

  private NativesFolder() {}

  /** The folder that the launcher names, empty where libraries are in their jars. */
  public static Optional<Path> ofLauncher() {
    return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of);
  }

  /**
   * Libraries of a folder.
   *
   * @param entries names below the folder, whole, with slashes
   */
  static List<Path> find(Path folder, Pattern entries) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file ->
                  entries.matcher(folder.relativize(file).toString().replace('\\', '/')).matches())
          .sorted()
          .toList();
    }
  }
}

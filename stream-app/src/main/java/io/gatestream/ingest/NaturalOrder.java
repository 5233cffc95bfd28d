package io.gatestream.ingest;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Pattern;

/** Files by folder, then by name with numbers counted: img-2 before img-10. */
final class NaturalOrder {
  static final Comparator<Path> PATHS =
      Comparator.comparing(NaturalOrder::folderOf)
          .thenComparing(file -> padded(nameOf(file)))
          .thenComparing(NaturalOrder::nameOf);

  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final int LONGEST = 20;

  private NaturalOrder() {}

  /** The folder that a file lies in, also where only its name was given. */
  static Path folderOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("").toAbsolutePath() : parent;
  }

  /** The last part of a path, also of {@code .} and the like. */
  static String nameOf(Path path) {
    Path name = path.getFileName() == null ? path.toAbsolutePath().normalize() : path;
    return String.valueOf(name.getFileName());
  }

  private static String padded(String name) {
    return DIGITS
        .matcher(name)
        .replaceAll(
            digits -> "0".repeat(Math.max(0, LONGEST - digits.group().length())) + digits.group());
  }
}

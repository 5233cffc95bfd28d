package io.gatestream.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Says which files of a folder are not taken. Hidden files are left out without a word. */
final class PassedOver {
  private static final String NONE = "without extension";

  private PassedOver() {}

  /** One sentence with their number and extensions, or empty where there are none. */
  static Optional<String> sentence(Path folder, List<Path> files, Predicate<Path> taken) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Path file : files) {
      String name = NaturalOrder.nameOf(file);
      if (!taken.test(file) && !name.startsWith(".")) {
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? NONE : name.substring(dot).toLowerCase(Locale.ROOT);
        counts.merge(extension.equals(".webp") ? ".webp (animated)" : extension, 1, Integer::sum);
      }
    }
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    return all == 0
        ? Optional.empty()
        : Optional.of(
            "%s: %d file%s passed over: %s"
                .formatted(
                    folder,
                    all,
                    all == 1 ? "" : "s",
                    counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))));
  }
}

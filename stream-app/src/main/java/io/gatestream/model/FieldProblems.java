package io.gatestream.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is wrong with the fields of a JSON file: at most one problem a field, and none of what only
 * follows from another. Used by one thread.
 */
final class FieldProblems {
  private final String file;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> wrong = new HashSet<>();

  FieldProblems(String file) {
    this.file = file;
  }

  /** Notes a problem of a field that is {@link #isSound sound} so far. */
  void add(String path, String problem) {
    if (isSound(path)) {
      wrong.add(path);
      problems.add(file + ": " + problem);
    }
  }

  /** Adds a problem of something else than a field. */
  void add(String problem) {
    problems.add(problem);
  }

  /** Whether nothing is wrong with a field, with what it holds, and with what holds it. */
  boolean isSound(String path) {
    return wrong.stream()
        .noneMatch(field -> field.equals(path) || isWithin(field, path) || isWithin(path, field));
  }

  List<String> all() {
    return List.copyOf(problems);
  }

  private static boolean isWithin(String path, String holder) {
    return path.startsWith(holder + ".") || path.startsWith(holder + "[");
  }
}

package io.gatestream;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The list of rooms in docs/architecture.md, between its two marks: {@code room -> room, room}. */
final class Rooms {
  private static final Path PAGE = Path.of("../docs/architecture.md");
  private static final String PREFIX = "io.gatestream.";
  private static final String BEGIN = "<!-- rooms -->";
  private static final String END = "<!-- /rooms -->";

  private Rooms() {}

  /**
   * Each room, and the rooms that it may use; a name with a dot is a room within a room. Not for a
   * static field: Surefire initialises test classes where Maven was started.
   */
  static Map<String, List<String>> ofArchitecturePage() {
    try {
      String page = Files.readString(PAGE);
      Map<String, List<String>> rooms = new LinkedHashMap<>();
      page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END))
          .lines()
          .filter(line -> line.contains("->"))
          .forEach(
              line -> {
                String[] sides = line.split("->", -1);
                rooms.put(
                    sides[0].strip(),
                    Stream.of(sides[1].split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.equals("none"))
                        .toList());
              });
      return rooms;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the code uses across rooms and the page does not draw: a line for each use. */
  static List<String> undrawnArrows(JavaClasses classes) {
    Map<String, List<String>> rooms = ofArchitecturePage();
    List<String> arrows = new ArrayList<>();
    for (JavaClass from : classes) {
      String room = room(from);
      for (Dependency use : from.getDirectDependenciesFromSelf()) {
        JavaClass to = use.getTargetClass();
        if (to.getPackageName().startsWith(PREFIX)
            && !room.equals("schema")
            && !room(to).equals("schema")
            && !room.equals(room(to))
            && !rooms.getOrDefault(room, List.of()).contains(room(to))) {
          arrows.add("%s -> %s: %s".formatted(room, room(to), use.getDescription()));
        }
      }
    }
    return arrows;
  }

  private static String room(JavaClass one) {
    return one.getPackageName().substring(PREFIX.length());
  }
}

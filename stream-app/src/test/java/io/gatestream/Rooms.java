package io.gatestream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The list of rooms in docs/architecture.md, between its two marks: {@code room -> room, room}. */
final class Rooms {
  private static final Path PAGE = Path.of("../docs/architecture.md");
  private static final String BEGIN = "<!-- rooms -->";
  private static final String END = "<!-- /rooms -->";

  private Rooms() {}

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

  /** Classes of a room depend on no classes of rooms but of these. */
  static ArchRule usesOnly(String room, List<String> used) {
    List<String> allowed = used.stream().map(name -> "io.gatestream." + name).toList();
    return classes()
        .that()
        .resideInAPackage("io.gatestream." + room)
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.<JavaClass>describe(
                "are of no room, or of " + used,
                found ->
                    !found.getPackageName().startsWith("io.gatestream.")
                        || found.getPackageName().equals("io.gatestream." + room)
                        || found.getPackageName().equals("io.gatestream.schema")
                        || allowed.contains(found.getPackageName())));
  }
}

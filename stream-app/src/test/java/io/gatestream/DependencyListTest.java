package io.gatestream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.process.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/dependencies.md is the list of what is on the class path, name and version. */
class DependencyListTest {
  private static final Path PAGE = Path.of("../docs/dependencies.md");
  private static final Pattern ROW = Pattern.compile("\\| ([\\w.-]+) \\| ([\\w.-]+) \\| .*");

  /** What only tests use, and what runs them. */
  private static final Pattern FOR_TESTS =
      Pattern.compile(
          "(gatestream|surefire|common-java|common-junit|maven|junit|jqwik|archunit|assertj-core"
              + "|byte-buddy|opentest4j|apiguardian|kafka-streams-test|plexus|console|idea"
              + "|byteBuddyAgent|jazzer|lincheck|kotlin|atomicfu|annotations-|asm-).*");

  /** With another class path, such as that of the profile cuda: its row names it. */
  private static final Pattern JAR =
      Pattern.compile(
          "(.+?)(?:_gpu)?-(\\d[\\w.]*(?:-\\d[\\w.]*)?)(?:-(?:linux|macosx|windows)-\\w+)?\\.jar");

  @Test
  void everyLibraryHasARowAndEveryRowALibrary() throws Exception {
    Set<String> listed;
    try (Stream<String> lines = Files.lines(PAGE)) {
      listed =
          lines
              .map(ROW::matcher)
              .filter(Matcher::matches)
              .map(row -> row.group(1) + " " + row.group(2))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    listed.remove("Jar Version");
    assertThat(listed)
        .as("rows of %s against the class path: read what changed, then write its row", PAGE)
        .isEqualTo(onClassPath());
  }

  private static Set<String> onClassPath() throws Exception {
    Set<String> found = new TreeSet<>();
    for (Path file : ChildJvm.jars()) {
      String name = file.getFileName().toString();
      if (!FOR_TESTS.matcher(name).matches() && !file.startsWith(System.getProperty("java.home"))) {
        Matcher jar = JAR.matcher(name);
        found.add(jar.matches() ? jar.group(1) + " " + jar.group(2) : name);
      }
    }
    return found;
  }
}

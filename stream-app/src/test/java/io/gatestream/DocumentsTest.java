package io.gatestream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.Review;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say of themselves and of each other: lengths, links, numbers. */
class DocumentsTest {
  private static final Path ROOT = root();
  private static final Path DECISIONS = ROOT.resolve("docs/decisions");

  private static final int README_LINES = 100;

  private static final Pattern CODE_BLOCK =
      Pattern.compile("(?ms)^ *```.*?^ *```|^ {4}[^-*\\d].*?$");
  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
  private static final Pattern PAGE_IN_CODE =
      Pattern.compile("\\bdocs/(?:decisions/\\d{4}|[\\w./-]+\\.(?:md|py))");

  /** Tests run in their module's folder or, from an IDE, in that of the project. */
  private static Path root() {
    return Path.of(Files.exists(Path.of("mvnw")) ? "" : "..").toAbsolutePath().normalize();
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md")))
        .hasSizeLessThanOrEqualTo(README_LINES);
  }

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      String text = CODE.matcher(prose(page)).replaceAll("");
      LINK.matcher(text)
          .results()
          .map(link -> link.group(1))
          .filter(target -> !ELSEWHERE.matcher(target).matches())
          .filter(target -> !resolves(page, target))
          .forEach(target -> broken.add(ROOT.relativize(page) + " -> " + target));
    }

    assertThat(broken).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("docs", "model-export/docs")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    try (Stream<Path> files = Files.list(ROOT)) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    pages.add(ROOT.resolve("model-export/README.md"));
    pages.add(ROOT.resolve("deploy/helm/gatestream/README.md"));
    assertThat(pages).contains(ROOT.resolve("README.md"), ROOT.resolve("docs/policy.md"));
    return pages;
  }

  private static boolean resolves(Path page, String target) {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    return Files.exists(file)
        && file.startsWith(ROOT)
        && (hash < 0 || anchors(file).contains(target.substring(hash + 1)));
  }

  /** The anchors that GitHub gives to a page's headings. */
  private static Set<String> anchors(Path page) {
    Set<String> anchors = new TreeSet<>();
    for (MatchResult heading : HEADING.matcher(prose(page)).results().toList()) {
      String words = heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "");
      String anchor = words.strip().replace(' ', '-');
      for (int again = 1; !anchors.add(anchor); again++) {
        anchor = words.strip().replace(' ', '-') + "-" + again;
      }
    }
    return anchors;
  }

  /** A page without its blocks of code. */
  private static String prose(Path page) {
    return CODE_BLOCK.matcher(read(page)).replaceAll("");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void thePagesThatCodeNamesAreThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (Path file : sources()) {
      PAGE_IN_CODE
          .matcher(read(file))
          .results()
          .map(MatchResult::group)
          .filter(name -> !isThere(name))
          .forEach(name -> missing.add(ROOT.relativize(file) + " -> " + name));
    }

    assertThat(missing).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>(List.of(ROOT.resolve("gatestream"), ROOT.resolve("mvnw")));
    try (Stream<Path> folders = Files.list(ROOT)) {
      for (Path folder : folders.map(path -> path.resolve("src")).filter(Files::exists).toList()) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
    }
    return sources;
  }

  /** A decision may be named by its number alone. */
  private static boolean isThere(String name) {
    if (!name.matches("docs/decisions/\\d{4}")) {
      return Files.exists(ROOT.resolve(name));
    }
    return decisions().stream().anyMatch(file -> ("docs/decisions/" + file).startsWith(name));
  }

  @Test
  void decisionsAreNumberedWithoutHolesAndListed() {
    List<String> files = decisions();
    String index = read(DECISIONS.resolve("README.md"));

    assertThat(files.stream().map(file -> Integer.parseInt(file.substring(0, 4))))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, files.size()).boxed().toList());
    assertThat(files)
        .allSatisfy(
            file -> {
              int number = Integer.parseInt(file.substring(0, 4));
              assertThat(read(DECISIONS.resolve(file))).startsWith("# %d. ".formatted(number));
              assertThat(index).contains("| %d | [".formatted(number)).contains("](" + file + ")");
            });
  }

  private static List<String> decisions() {
    try (Stream<Path> files = Files.list(DECISIONS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d{4}-.*\\.md"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Frame", "FrameLabel", "LabelEvent", "Review"})
  void clientsAreToldTheFingerprintsOfTheSchemas(String name) {
    Schema schema =
        switch (name) {
          case "Frame" -> Frame.getClassSchema();
          case "FrameLabel" -> FrameLabel.getClassSchema();
          case "Review" -> Review.getClassSchema();
          default -> LabelEvent.getClassSchema();
        };
    long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    byte[] bytes =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(fingerprint).array();
    String header = "c3 01 " + HexFormat.ofDelimiter(" ").formatHex(bytes);
    assertThat(read(ROOT.resolve("docs/clients.md")).lines())
        .filteredOn(line -> line.startsWith("| [`%s`]".formatted(name)))
        .singleElement()
        .asString()
        .contains("`%s`".formatted(header))
        .contains("`0x%016x`".formatted(fingerprint));
    if (name.startsWith("Frame")) {
      String program = name.equals("Frame") ? "produce.py" : "consume.py";
      assertThat(read(ROOT.resolve("docs/clients").resolve(program))).contains('"' + header + '"');
    }
  }
}

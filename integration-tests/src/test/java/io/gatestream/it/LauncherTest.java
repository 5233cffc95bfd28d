package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code ./gatestream} on machines that are not as its builder's was. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LauncherTest {
  /** What the script calls; a folder with these alone is a PATH without a java. */
  private static final List<String> TOOLS =
      List.of("cat", "chmod", "cksum", "dirname", "find", "head", "id", "mkdir", "readlink", "sed");

  private static final String NOBODY = "65534";

  /** On the disk of the build, for hard links. */
  private final Path folder = Gatestream.ROOT.resolve("integration-tests/target/it/launcher");

  private final Path tools = folder.resolve("tools");

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void open() throws IOException {
    Folders.delete(folder);
    Folders.create(tools);
    for (String tool : TOOLS) {
      Path found =
          Stream.of("/usr/bin", "/bin")
              .map(place -> Path.of(place, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
  }

  @ParameterizedTest
  @CsvSource({"class-path,lib/", "class-path-of-the-broker,lib-broker/"})
  void everyLibraryLiesInTheBuild(String list, String place) throws IOException {
    Path target = Gatestream.ROOT.resolve("stream-app/target");
    String[] libraries = Files.readString(target.resolve(list)).strip().split(":");

    assertThat(libraries).hasSizeGreaterThan(20).allMatch(library -> library.startsWith(place));
    assertThat(libraries).allMatch(library -> Files.isRegularFile(target.resolve(library)));
  }

  /** As {@link #tree} is one. */
  @Test
  void installationWithoutTheBrokerSaysSoWhereItIsNeededAndRunsTheRest() throws IOException {
    String gatestream = tree(folder.resolve("small")).resolve("gatestream").toString();
    String clip;
    try (Stream<Path> clips = Files.list(Gatestream.SAMPLES)) {
      clip = clips.filter(file -> file.toString().endsWith(".mp4")).findFirst().get().toString();
    }

    for (List<String> needing :
        List.of(
            List.of("broker", "--port", "0", "--data", folder.resolve("data").toString()),
            List.of("demo", clip))) {
      List<String> command = new ArrayList<>(List.of(gatestream));
      command.addAll(needing);
      Outcome outcome = start(environment(), command);
      assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
      assertThat(outcome.err().lines().filter(line -> line.startsWith("error:")))
          .singleElement()
          .asString()
          .contains("the embedded broker is not part of this installation");
      assertThat(outcome.err()).doesNotContain("NoClassDefFoundError", "\tat ");
    }
    Outcome help = start(environment(), List.of(gatestream, "--help"));
    assertThat(help.code()).as(help.err()).isZero();
    assertThat(help.out()).contains("broker").doesNotContain("  bench ");
    Outcome run =
        start(
            environment(),
            List.of(
                gatestream, "run", "--bootstrap-servers", "127.0.0.1:1", "--model", "/nowhere"));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("/nowhere");
  }

  @Test
  void helpListsTheBench() throws IOException {
    assertThat(run(environment(), "--help").out()).contains("  bench ");
  }

  @ParameterizedTest
  @CsvSource({"11.0.22,11.0.22", "1.8.0_392,1.8.0_392", "16.0.2,16.0.2", "9-ea,9-ea"})
  void olderJavaIsNamedWithItsVersionAndPlace(String version, String said) throws IOException {
    for (boolean released : new boolean[] {true, false}) {
      Path home = java("jdk-" + version + released, version, released);

      Outcome byHome = run(environment(home.toString(), tools.toString()), "--version");
      Outcome byPath = run(environment("", home.resolve("bin") + ":" + tools), "--version");

      for (Outcome outcome : List.of(byHome, byPath)) {
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
            .contains("needs Java 17 or newer", home + "/bin/java is Java " + said, "JAVA_HOME")
            .doesNotContain("there is none")
            .hasLineCount(1);
      }
    }
  }

  @Test
  void noJavaAtAllIsSaidSo() throws IOException {
    Outcome outcome = run(environment("", tools.toString()), "--version");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("needs Java 17 or newer", "there is none in JAVA_HOME or on the PATH");
  }

  @Test
  void homeWithoutAJavaIsNamed() throws IOException {
    Outcome outcome = run(environment(folder.toString(), tools.toString()), "--version");

    assertThat(outcome.err()).contains("JAVA_HOME is " + folder + ", where there is no bin/java");
  }

  @Test
  void javaThatDoesNotRunIsNamed() throws IOException {
    Path home = folder.resolve("broken");
    script(Files.createDirectories(home.resolve("bin")).resolve("java"), "exit 127");

    Outcome outcome = run(environment(home.toString(), tools.toString()), "--version");

    assertThat(outcome.err()).contains(home + "/bin/java does not run");
  }

  @Test
  void newerJavaOnThePathIsTakenWhereHomeIsOld() throws IOException {
    Path old = java("old", "11.0.22", true);
    Path bin = Path.of(System.getProperty("java.home"), "bin");

    Outcome outcome = run(environment(old.toString(), bin + ":" + tools), "--version");

    requireVersion(outcome);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "with spaces", "with % and & and 'quotes'"})
  void treeMayLieAnywhereAndBeMoved(String name) throws IOException {
    Path tree = tree(folder.resolve(name));
    Path link = Files.createSymbolicLink(folder.resolve("link"), tree.resolve("gatestream"));

    requireVersion(start(environment(), List.of(tree.resolve("gatestream") + "", "--version")));
    requireVersion(start(environment(), List.of(link.toString(), "--version")));
  }

  @Test
  void treeWhosePathNoClassPathCanHoldIsRefused() throws IOException {
    Path tree = tree(folder.resolve("a:b"));

    Outcome outcome = start(environment(), List.of(tree.resolve("gatestream") + "", "--version"));

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("a:b", "colon");
  }

  @Test
  void libraryThatIsGoneIsBuiltAgain() throws IOException {
    Path tree = tree(folder.resolve("incomplete"));
    try (Stream<Path> jars = Files.list(tree.resolve("stream-app/target/lib"))) {
      Files.delete(jars.findFirst().orElseThrow());
    }

    Outcome outcome = start(environment(), List.of(tree.resolve("gatestream") + "", "--version"));

    assertThat(outcome.err()).contains("not built, and there is no", "mvnw");
  }

  @Test
  void anotherUserRunsWhatOneHasBuilt() throws IOException {
    Path tree = treeOfAnotherUser();
    Map<String, String> environment = environment();
    environment.put("HOME", folder.resolve("no-home-of-mine").toString());
    environment.put("TMPDIR", "/tmp");

    Outcome outcome = asNobody(environment, tree, "--version");

    requireVersion(outcome);
    environment.remove("HOME");
    requireVersion(asNobody(environment, tree, "--version"));
  }

  @Test
  void libraryThatAnotherUserMayNotReadIsNamed() throws IOException {
    Path tree = treeOfAnotherUser();
    Path jar = tree.resolve("stream-app/target/lib/secret.jar");
    Files.writeString(jar, "");
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(tree.resolve("stream-app/target/class-path"), "lib/secret.jar");

    Outcome outcome = asNobody(environment(), tree, "--version");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains(jar.toString(), "chmod");
  }

  @Test
  void cacheFolderThatCannotBeMadeIsNamed() throws IOException {
    Map<String, String> environment = environment();
    environment.put(
        "XDG_CACHE_HOME", Files.writeString(folder.resolve("file"), "in the way").toString());

    Outcome outcome = run(environment, "--version");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains(folder + "/file", "Not a directory", "XDG_CACHE_HOME");
  }

  @Test
  void homeThatCannotBeWrittenIsNoNeed() throws IOException {
    Map<String, String> environment = environment();
    environment.put("HOME", Files.writeString(folder.resolve("home"), "a file").toString());

    requireVersion(run(environment, "--version"));
  }

  @Test
  void temporaryFolderThatAnotherCouldHaveMadeIsNotTrusted() throws IOException {
    Map<String, String> environment = environment();
    environment.put("HOME", Files.writeString(folder.resolve("home"), "a file").toString());
    Path planted = Files.createDirectory(folder.resolve("planted"));
    String user = start(environment, List.of(tools.resolve("id").toString(), "-u")).out().strip();
    Files.createSymbolicLink(folder.resolve("gatestream-" + user), planted);

    Outcome outcome = run(environment, "--version");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("belongs to another user", "XDG_CACHE_HOME");
  }

  /** A bound is no use of memory: the heap begins small and grows where more is needed. */
  @ParameterizedTest
  @CsvSource({
    "'',-Xms96m -Xmx512m -XX:MaxDirectMemorySize=1t",
    "4g,-Xms96m -Xmx4g",
    "2147483648,-Xms96m -Xmx2147483648",
    "96m,-Xms96m -Xmx96m",
    "95m,-Xms95m -Xmx95m",
    "65536k,-Xms65536k -Xmx65536k",
    "33554432,-Xms33554432 -Xmx33554432",
    "0100m,-Xms0100m -Xmx0100m",
    "much,-Xmsmuch -Xmxmuch"
  })
  void heapBeginsSmallAndIsBoundedByItsVariable(String heap, String said) throws IOException {
    Path home = java("shown", "17.0.1", true);
    script(home.resolve("bin/java"), "echo \"$@\"");
    Map<String, String> environment = environment(home.toString(), tools.toString());
    environment.put("GATESTREAM_HEAP", heap);

    assertThat(run(environment, "--version").out()).contains(said + " ");
  }

  private static void requireVersion(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).matches("gatestream \\d+\\.\\d+\\.\\d+\\S*\\R");
    assertThat(outcome.err()).isEmpty();
  }

  /** A folder that looks like a JDK. */
  private Path java(String name, String version, boolean released) throws IOException {
    Path home = folder.resolve(name);
    script(
        Files.createDirectories(home.resolve("bin")).resolve("java"),
        "echo 'openjdk version \"" + version + "\" 2024-01-16' >&2");
    if (released) {
      Files.writeString(
          home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }
    return home;
  }

  private static void script(Path file, String line) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What a build leaves, in a place of its own; without sources it is never out of date. */
  private static Path tree(Path at) throws IOException {
    Path target = Files.createDirectories(at.resolve("stream-app/target"));
    Path schemas = Files.createDirectories(at.resolve("schemas/target"));
    script(at.resolve("gatestream"), Files.readString(Gatestream.ROOT.resolve("gatestream")));
    Path built = Gatestream.ROOT.resolve("stream-app/target");
    Files.copy(built.resolve("class-path"), target.resolve("class-path"));
    link(built, target);
    link(built.resolve("lib"), Files.createDirectory(target.resolve("lib")));
    link(Gatestream.ROOT.resolve("schemas/target"), schemas);
    return at;
  }

  private static void link(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.createLink(to.resolve(jar.getFileName()), jar);
      }
    }
  }

  /** A tree that the other user may read and nothing else. */
  private Path treeOfAnotherUser() throws IOException {
    assumeThat(System.getProperty("user.name")).as("may become another user").isEqualTo("root");
    assumeThat(Files.isExecutable(Path.of("/usr/bin/setpriv"))).isTrue();
    Path tree = tree(folder.resolve("tree"));
    Outcome reads =
        asNobody(environment(), List.of("/usr/bin/test", "-r", Gatestream.BUNDLE.toString()));
    assumeThat(reads.code()).as("the checkout is readable by others").isZero();
    return tree;
  }

  private Outcome asNobody(Map<String, String> environment, Path tree, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(tree.resolve("gatestream").toString()));
    command.addAll(List.of(arguments));
    return asNobody(environment, command);
  }

  private Outcome asNobody(Map<String, String> environment, List<String> command)
      throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("/usr/bin/setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    all.addAll(command);
    return start(environment, all);
  }

  private Outcome run(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(Gatestream.ROOT.resolve("gatestream").toString()));
    command.addAll(List.of(arguments));
    return start(environment, command);
  }

  private Map<String, String> environment() {
    return environment(System.getProperty("java.home"), tools.toString());
  }

  private Map<String, String> environment(String javaHome, String path) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "PATH",
                path,
                "HOME",
                folder.toString(),
                "TMPDIR",
                folder.toString(),
                Gatestream.JAVA_OPTS,
                Gatestream.SHORT_LIVED,
                "GATESTREAM_HEAP",
                "128m"));
    if (!javaHome.isEmpty()) {
      environment.put("JAVA_HOME", javaHome);
    }
    return environment;
  }

  private Outcome start(Map<String, String> environment, List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".log");
    Path err = Files.createTempFile(folder, "err", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(Running.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
    return new Outcome(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}

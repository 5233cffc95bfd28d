package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The archive of {@code -Pdist}, unpacked, read-only, and run by another user from another folder,
 * without a home, a JDK, Maven or Python. Skipped where it was not packed, and by who may not
 * become another user.
 */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class DistributionTest {
  /** Beside sh and java, what the launcher calls. */
  private static final List<String> TOOLS =
      List.of(
          "cat", "cksum", "dirname", "find", "head", "id", "mkdir", "mv", "readlink", "rm", "sed");

  private static final String NOBODY = "65534";

  private static final Path FOLDER = Gatestream.ROOT.resolve("integration-tests/target/it/dist");

  private static final Path HOME = FOLDER.resolve("gatestream");

  @BeforeAll
  static void unpack() throws Exception {
    Optional<Path> archive = Folders.distribution();
    assumeThat(archive).as("an archive in dist/target: ./mvnw package -Pdist").isPresent();
    assumeThat(System.getProperty("user.name")).as("may become another user").isEqualTo("root");
    assumeThat(Files.isExecutable(Path.of("/usr/bin/setpriv"))).isTrue();
    Folders.delete(FOLDER);
    Folders.create(HOME);
    call("tar", "xzf", archive.get().toString(), "-C", HOME.toString(), "--strip-components=1");
    call("chmod", "-R", "a-w", HOME.toString());
    Path bin = Folders.create(FOLDER.resolve("jre/bin"));
    Files.createSymbolicLink(
        bin.resolve("java"), Path.of(System.getProperty("java.home"), "bin/java"));
    Path tools = Folders.create(FOLDER.resolve("tools"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(
          tools.resolve(tool),
          Stream.of("/usr/bin", "/bin")
              .map(place -> Path.of(place, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow());
    }
  }

  @Test
  void versionBundleAndDemoNeedNothingButJava(Gatestream gatestream) throws Exception {
    Path temporary = temporary("plain");

    Running version = start(gatestream, "version", temporary, List.of(), "--version");
    assertThat(version.awaitExit()).as(version::tail).isZero();
    assertThat(version.out()).startsWith("gatestream ");
    Running help = start(gatestream, "help", temporary, List.of(), "model", "--help");
    assertThat(help.awaitExit()).as(help::tail).isZero();
    assertThat(help.out()).contains("  gatestream model inspect models/").doesNotContain("./");
    String bundle = HOME.resolve("models/object-motion").toString();
    Running inspect =
        start(gatestream, "inspect", temporary, List.of(), "model", "inspect", bundle);
    assertThat(inspect.awaitExit()).as(inspect::tail).isZero();
    String clip = HOME.resolve("samples/room.mp4").toString();
    Running demo = start(gatestream, "demo", temporary, List.of(), "demo", clip);
    assertThat(demo.awaitExit()).as(demo::tail).isZero();
    assertThat(demo.out()).contains("room", "frames sent", " 0 open");

    String cache = "gatestream-" + NOBODY;
    assertThat(Folders.files(temporary))
        .as("nothing is unpacked")
        .containsExactlyInAnyOrder(cache, cache + "/javacpp");
  }

  /** As {@code mount} makes it; in a namespace of its own, so that nothing is left. */
  @Test
  void runLabelsAsTheCheckoutDoesWhereNoTemporaryFolderAllowsPrograms(
      Recorded recorded, Gatestream gatestream) throws Exception {
    Path temporary = temporary("noexec");
    String mount = "mount -t tmpfs -o size=100m,mode=1777,noexec tmpfs '%s'".formatted(temporary);
    assumeThat(new ProcessBuilder("unshare", "-m", "sh", "-c", mount).start().waitFor())
        .as("may mount in a namespace of its own")
        .isZero();
    TopicNames topics = TopicNames.of(Recorded.FRAMES, "distribution");
    List<String> arguments =
        new ArrayList<>(
            gatestream.runArguments(recorded.bootstrapServers(), "distribution", topics));
    arguments.set(arguments.indexOf("--state-dir") + 1, temporary.resolve("state").toString());

    Running run =
        start(
            gatestream,
            "run",
            temporary,
            List.of("unshare", "-m", "sh", "-c", mount + " && exec \"$@\"", "sh"),
            arguments.toArray(String[]::new));
    recorded.kafka().awaitProcessed("distribution", topics.frames(), List.of(run));
    assertThat(run.terminate()).as(run::tail).isZero();

    recorded.kafka().labels(topics).requireEqual(recorded.undisturbed(), "by the distribution");
    assertThat(Files.readString(HOME.resolve("lib/class-path"))).doesNotContain("kafka_2", "scala");
  }

  @Test
  void aClassDataArchiveOfAReadOnlyInstallationLiesInTheCache(Gatestream gatestream)
      throws Exception {
    Path temporary = temporary("archive");

    Running made = start(gatestream, "made", temporary, List.of(), "class-archive");
    assertThat(made.awaitExit(3 * Running.PATIENCE_SECONDS)).as(made::tail).isZero();
    Path archive = Path.of(made.out().strip());
    assertThat(archive).isRegularFile().startsWith(temporary.resolve("gatestream-" + NOBODY));
    Running shown =
        start(
            gatestream,
            "shown",
            temporary,
            Map.of(Gatestream.JAVA_OPTS, "-Xshare:on -Xlog:class+load"),
            List.of(),
            "--version");

    assertThat(shown.awaitExit()).as(shown::tail).isZero();
    assertThat(shown.out()).contains("io.gatestream.cli.Main source: shared objects file");
  }

  private static Path temporary(String name) throws Exception {
    Path folder = Folders.create(FOLDER.resolve(name));
    call("chmod", "1777", folder.toString());
    return folder;
  }

  private static Running start(
      Gatestream gatestream,
      String name,
      Path temporary,
      List<String> before,
      String... arguments) {
    return start(gatestream, name, temporary, Map.of(), before, arguments);
  }

  private static Running start(
      Gatestream gatestream,
      String name,
      Path temporary,
      Map<String, String> more,
      List<String> before,
      String... arguments) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of("/usr/bin/setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    command.addAll(
        List.of("/usr/bin/env", "PATH=" + FOLDER.resolve("tools"), HOME + "/bin/gatestream"));
    command.addAll(List.of(arguments));
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "PATH",
                "/usr/sbin:/usr/bin:/sbin:/bin",
                "JAVA_HOME",
                FOLDER.resolve("jre").toString(),
                "TMPDIR",
                temporary.toString(),
                "GATESTREAM_HEAP",
                "256m",
                "GATESTREAM_CALIBRATE",
                "false",
                Gatestream.JAVA_OPTS,
                "%s -Djava.io.tmpdir=%s".formatted(Gatestream.SHORT_LIVED, temporary)));
    more.forEach(
        (variable, value) ->
            environment.merge(variable, value, (given, added) -> given + " " + added));
    return gatestream.startProgram(name, environment, command);
  }

  private static void call(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(List.of(command).toString()).isZero();
  }
}

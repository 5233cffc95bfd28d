package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Folders that native libraries cannot come from, and the memory that is planned for them. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class NativeFoldersTest {
  private static final String NOBODY = "127.0.0.1:1";

  /** RocksDB unpacked itself there, and the application was alive and never ready. */
  @Test
  void aTemporaryFolderMountedNoexecDoesNoHarm(Recorded recorded, Gatestream gatestream)
      throws Exception {
    Path folder = Folders.create(gatestream.folder().resolve("noexec"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=100m,noexec", "tmpfs", folder.toString()),
        "this user may not mount");
    try {
      TopicNames topics = TopicNames.of(Recorded.FRAMES, "noexec");
      Running run =
          gatestream.start(
              "run",
              Map.of("GATESTREAM_JAVA_OPTS", "-Djava.io.tmpdir=" + folder),
              gatestream.runArguments(recorded.bootstrapServers(), "noexec", topics));
      recorded.kafka().awaitProcessed("noexec", topics.frames(), java.util.List.of(run));
      assertThat(run.terminate()).as(run::tail).isZero();
    } finally {
      command("umount", "-l", folder.toString());
    }
  }

  private static boolean command(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no such command
    }
  }

  @Test
  void withoutAHomeThatCanBeWrittenTheCacheIsAFolderOfTheUsersOwn(Gatestream gatestream) {
    for (String home : new String[] {"", "/dev/null"}) {
      Running run =
          gatestream.run(
              "version" + home.length(), Map.of("HOME", home, "XDG_CACHE_HOME", ""), "--version");
      assertThat(run.awaitExit()).as(run::tail).isZero();
    }
    assertThat(gatestream.folder().toFile().list((dir, name) -> name.matches("gatestream-\\d+")))
        .hasSize(1);
  }

  @Test
  void aCacheThatIsGivenAndCannotBeWrittenIsNamed(Gatestream gatestream) {
    Running run = gatestream.run("run", Map.of("XDG_CACHE_HOME", "/dev/null/x"), "--version");
    assertThat(run.awaitExit()).isEqualTo(1);
    assertThat(run.err()).contains("/dev/null/x/gatestream", "XDG_CACHE_HOME");
  }

  @Test
  void verboseTellsWhatIsPlannedOfMemory(Gatestream gatestream) {
    Running run =
        gatestream.run(
            "run", "run", "--verbose", "--bootstrap-servers", NOBODY, "--broker-timeout", "1");
    assertThat(run.err())
        .contains("memory: heap of 256 MiB", "memory: direct memory without a limit of its own")
        .contains("memory: machine or container: ")
        .contains("maxBytes off, maxPhysicalBytes off");
  }

  @Test
  void moreDirectMemoryThanThereIsNamesTheSettings(Gatestream gatestream) {
    Running run =
        gatestream.run(
            "run",
            Map.of("GATESTREAM_DIRECT", "40m"),
            "run",
            "--bootstrap-servers",
            NOBODY,
            "--pixel-slots",
            "2000");
    assertThat(run.awaitExit()).as(run::tail).isEqualTo(2);
    assertThat(run.err()).contains("GATESTREAM_DIRECT", "2000 pixel.slots", "40 MiB");
  }
}

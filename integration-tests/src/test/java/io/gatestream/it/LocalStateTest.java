package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The local state is gone, damaged, not writable, or has no room. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class LocalStateTest {
  private static final Set<String> STREAMS = Set.of("room", "cat");

  /** What happens to the state between two runs. */
  enum Damage {
    FOLDER_DELETED,
    TABLES_OVERWRITTEN,
    MANIFEST_OVERWRITTEN;

    private void apply(Path state) {
      switch (this) {
        case FOLDER_DELETED -> Folders.delete(state);
        case TABLES_OVERWRITTEN -> overwrite(state, ".*\\.(sst|log)");
        case MANIFEST_OVERWRITTEN -> overwrite(state, "(MANIFEST|CURRENT).*");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void stateThatIsGoneOrDamagedIsRestored(Damage damage, Recorded recorded, Gatestream gatestream) {
    String application = "state-" + damage.name().toLowerCase(Locale.ROOT).replace('_', '-');
    TopicNames topics = TopicNames.of(application + "-frames", application);
    Kafka kafka = recorded.kafka();
    Path state = gatestream.folder().resolve("state");
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, topics.frames(), STREAMS)) {
      feed.feedTo(feed.size() / 2);
      process(recorded, gatestream, "before", application, topics);
      damage.apply(state);
      feed.feedAll();
      Running after = process(recorded, gatestream, "after", application, topics);
      assertThat(after.err().contains("was damaged"))
          .as(after::tail)
          .isEqualTo(damage != Damage.FOLDER_DELETED);
    }
    kafka.labels(topics).requireEqual(recorded.undisturbed().of(STREAMS), damage.toString());
    assertThat(kafka.accountProblems(application, topics)).isEmpty();
  }

  private static Running process(
      Recorded recorded,
      Gatestream gatestream,
      String name,
      String application,
      TopicNames topics) {
    Running run = gatestream.startRun(name, recorded.bootstrapServers(), application, topics);
    recorded.kafka().awaitProcessed(application, topics.frames(), List.of(run));
    run.terminateInTime();
    return run;
  }

  /** Other bytes of the same number in all files of that name. */
  private static void overwrite(Path state, String name) {
    try (Stream<Path> walk = Files.walk(state)) {
      List<Path> files =
          walk.filter(Files::isRegularFile)
              .filter(file -> file.getFileName().toString().matches(name))
              .toList();
      assertThat(files).as("files %s of %s", name, Folders.files(state)).isNotEmpty();
      for (Path file : files) {
        byte[] bytes = new byte[(int) Files.size(file)];
        Arrays.fill(bytes, (byte) 0x5A);
        Files.write(file, bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileWhereTheFolderShouldBeIsNamed(Recorded recorded, Gatestream gatestream)
      throws IOException {
    Path file = Files.writeString(gatestream.folder().resolve("plain-file"), "x");

    requireRefused(recorded, gatestream, file.resolve("state"));
  }

  @Test
  void aReadOnlyFolderIsNamed(Recorded recorded, Gatestream gatestream) {
    Path folder = Folders.create(gatestream.folder().resolve("mounted"));
    mount(folder, "size=1m,ro");
    try {
      requireRefused(recorded, gatestream, folder);
    } finally {
      command("umount", "-l", folder.toString());
    }
  }

  @Test
  void aFullDiskIsNamedAndTheRestGoesOnElsewhere(Recorded recorded, Gatestream gatestream)
      throws IOException {
    String application = "full";
    TopicNames topics = TopicNames.of("full-frames", application);
    Kafka kafka = recorded.kafka();
    Path folder = Folders.create(gatestream.folder().resolve("mounted"));
    mount(folder, "size=64k");
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, topics.frames(), STREAMS)) {
      feed.feedAll();
      Running run =
          gatestream.start(
              "full", Map.of(), arguments(recorded, gatestream, application, topics, folder));
      requireError(run, folder);
    } finally {
      command("umount", "-l", folder.toString());
    }
    process(recorded, gatestream, "elsewhere", application, topics);
    kafka.labels(topics).requireEqual(recorded.undisturbed().of(STREAMS), "a full disk before");
    assertThat(kafka.accountProblems(application, topics)).isEmpty();
  }

  private static void requireRefused(Recorded recorded, Gatestream gatestream, Path folder) {
    TopicNames topics = TopicNames.of(Recorded.FRAMES, "refused");
    requireError(
        gatestream.start(
            "run", Map.of(), arguments(recorded, gatestream, "refused", topics, folder)),
        folder);
  }

  private static void requireError(Running run, Path folder) {
    assertThat(run.awaitExit()).as(run::tail).isEqualTo(1);
    assertThat(run.err().lines().filter(line -> line.startsWith("error: ")).toList())
        .as(run::tail)
        .singleElement()
        .asString()
        .contains(folder.toString(), "--state-dir");
    assertThat(run.err()).as("no stack trace").doesNotContain("\tat ");
  }

  private static List<String> arguments(
      Recorded recorded,
      Gatestream gatestream,
      String application,
      TopicNames topics,
      Path stateDir) {
    List<String> arguments =
        new ArrayList<>(gatestream.runArguments(recorded.bootstrapServers(), application, topics));
    arguments.set(arguments.indexOf("--state-dir") + 1, stateDir.toString());
    return arguments;
  }

  /** Mounting takes rights that not every user has: the test is skipped without them. */
  private static void mount(Path folder, String options) {
    int exit = command("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    assumeThat(exit).as("mount").isZero();
  }

  private static int command(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return 127; // there is no such command
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

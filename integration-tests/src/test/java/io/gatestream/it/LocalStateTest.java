package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can happen to the folder of the local state: the changelog is the truth. */
@ExtendWith(GatestreamExtension.class)
class LocalStateTest {
  private static final String APPLICATION = "bereft";
  private static final TopicNames TOPICS = TopicNames.of("bereft-frames", APPLICATION);

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void stateThatIsDeletedOrCorruptedBetweenRunsChangesNoLabel(
      Recorded recorded, Gatestream gatestream) {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    Random random = new Random(seed);
    System.out.println("local state: -Dfaults.seed=" + seed);
    Kafka kafka = recorded.kafka();
    Path state = gatestream.folder().resolve("state");
    Fleet fleet = new Fleet(gatestream, recorded.bootstrapServers(), APPLICATION, TOPICS);
    try (Feed feed = Feed.of(kafka, Recorded.FRAMES, TOPICS.frames())) {
      int part = feed.size() / 5;
      label(fleet, kafka, feed, part);

      Folders.delete(state);
      label(fleet, kafka, feed, 2 * part);

      corrupt(state, file -> true, random);
      label(fleet, kafka, feed, 3 * part);

      corrupt(state, file -> file.endsWith(".sst") || file.contains("MANIFEST"), random);
      label(fleet, kafka, feed, 4 * part);

      corrupt(state, file -> file.endsWith("CURRENT") || file.contains("metadata"), random);
      label(fleet, kafka, feed, feed.size());
    }
    kafka.labels(TOPICS).requireEqual(recorded.undisturbed(), "-Dfaults.seed=" + seed);
    assertThat(kafka.accountProblems(APPLICATION, TOPICS)).isEmpty();
    assertThat(gatestream.crashes()).isEmpty();
  }

  /**
   * Runs until all of what is fed is labelled. A run that cannot use its state says so, and one on
   * a deleted folder continues.
   */
  private static void label(Fleet fleet, Kafka kafka, Feed feed, int upTo) {
    feed.feedTo(upTo);
    fleet.start();
    Wait.until(
        () -> "%d records; %s".formatted(upTo, fleet),
        () -> {
          fleet.requireAlive();
          return kafka.uncommitted(APPLICATION, TOPICS.frames()) == 0;
        });
    fleet.terminate(fleet.oldest());
  }

  /** Overwrites files, all of each or some bytes in it. */
  private static void corrupt(Path state, Predicate<String> which, Random random) {
    List<String> damaged = new ArrayList<>();
    for (String file : Folders.files(state)) {
      Path path = state.resolve(file);
      if (!file.contains(APPLICATION) || Files.isDirectory(path) || !which.test(file)) {
        continue;
      }
      try {
        byte[] bytes = Files.readAllBytes(path);
        if (random.nextBoolean()) {
          random.nextBytes(bytes);
        } else {
          for (int i = 0; i < 1 + bytes.length / 16; i++) {
            if (bytes.length > 0) {
              bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            }
          }
        }
        Files.write(path, bytes);
        damaged.add(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    System.out.println("local state: corrupted " + damaged);
    assertThat(damaged).isNotEmpty();
  }

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void aFolderThatCannotBeWrittenOrIsFullEndsTheRunWithAClearMessage(
      Recorded recorded, Gatestream gatestream) throws Exception {
    TopicNames topics = TopicNames.of(Recorded.FRAMES, "cramped");
    Path file = Files.createFile(gatestream.folder().resolve("a-file"));
    Running inFile =
        gatestream.startRun(
            "in-file",
            recorded.bootstrapServers(),
            "cramped",
            topics,
            "--state-dir",
            file.resolve("state").toString());
    requireClearEnd(inFile, "cannot write the state folder .*a-file.*--state-dir");

    Path mount = Folders.create(gatestream.folder().resolve("mount"));
    Assumptions.assumeTrue(
        mayMount(mount), "a file system of its own needs rights that this machine does not give");
    Running readOnly =
        gatestream.startOn(
            List.of("-o", "ro", "-t", "tmpfs", "none"),
            mount,
            "read-only",
            recorded.bootstrapServers(),
            "cramped",
            topics);
    requireClearEnd(readOnly, "cannot write the state folder .*mount.*--state-dir");
    for (String size : List.of("64k", "512k")) {
      Running full =
          gatestream.startOn(
              List.of("-o", "size=" + size, "-t", "tmpfs", "none"),
              mount,
              "full-" + size,
              recorded.bootstrapServers(),
              "cramped-" + size,
              TopicNames.of(Recorded.FRAMES, "cramped-" + size));
      requireClearEnd(full, "No space left on device");
    }
    assertThat(gatestream.crashes()).isEmpty();
  }

  private static void requireClearEnd(Running run, String pattern) {
    assertThat(run.awaitExit()).as(run::tail).isEqualTo(1);
    assertThat(run.err()).containsPattern("(?m)^error: .*" + pattern);
    assertThat(run.err()).doesNotContain("\tat ");
  }

  private static boolean mayMount(Path folder) throws Exception {
    return new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", folder.toString())
            .start()
            .waitFor()
        == 0;
  }
}

package io.gatestream.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.guard.JournalFolder.OpenJournal;
import io.gatestream.kafka.RecordPosition;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class JournalFolderTest {
  @TempDir Path dir;
  private Path path;

  @BeforeEach
  void path() {
    path = dir.resolve("decoding");
  }

  @Test
  void onlyTheDeadAreLookedAt() throws Exception {
    try (OpenJournal dead = create("door");
        OpenJournal other = create("window");
        OpenJournal alive = create("door")) {
      dead.journal().enter(2, 5);
      other.journal().enter(3, 6);
      alive.journal().enter(4, 7);
      dead.close();
      other.close();
      try (JournalFolder folder = JournalFolder.open(path, "door")) {
        assertThat(folder.left()).containsExactly(new RecordPosition("frames", 2, 5));
        folder.clean();
        assertThat(folder.left()).isEmpty();
      }
      try (JournalFolder folder = JournalFolder.open(path, "window")) {
        assertThat(folder.left()).containsExactly(new RecordPosition("frames", 3, 6));
      }
    }
  }

  /** Closing any channel of a file would drop the process's lock on it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void lookingAroundLeavesTheLocksOfThisProcess() throws Exception {
    try (OpenJournal open = create("door")) {
      open.journal().enter(0, 0);
      Path file;
      try (var files = Files.newDirectoryStream(path, "*.journal")) {
        file = files.iterator().next();
      }
      String lock = ":%s ".formatted(Files.getAttribute(file, "unix:ino"));
      try (JournalFolder folder = JournalFolder.open(path, "door")) {
        assertThat(folder.left()).isEmpty();
        folder.clean();
      }
      assertThat(file).exists();
      assertThat(Files.readString(Path.of("/proc/locks"))).contains(lock);
    }
  }

  @Test
  void whatIsNoJournalIsDeletedUnread() throws Exception {
    Files.createDirectories(path);
    Path cut = Files.write(path.resolve("door@1-1.journal"), new byte[] {1, 2, 3});
    Path trial = Files.createDirectory(path.resolve("trial-1"));
    Files.createFile(trial.resolve("records"));
    try (JournalFolder folder = JournalFolder.open(path, "door")) {
      assertThat(folder.left()).isEmpty();
      folder.clean();
    }
    assertThat(cut).doesNotExist();
    assertThat(trial).doesNotExist();
  }

  private OpenJournal create(String application) throws Exception {
    try (JournalFolder folder = JournalFolder.open(path, application)) {
      return folder.create("frames", 2);
    }
  }
}

package io.gatestream.stream.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.OutageException;
import io.gatestream.model.CapturedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  @TempDir Path dir;

  @Test
  void eachInstanceGetsTheFirstFreeFolder() throws Exception {
    StateFolder first = StateFolder.lock(dir, "app");
    try (StateFolder second = StateFolder.lock(dir, "app")) {
      assertThat(first.path()).isEqualTo(dir.resolve("app-0"));
      assertThat(second.path()).isEqualTo(dir.resolve("app-1"));
      assertThat(dir.resolve("app-1/instance.lock"))
          .hasContent(Long.toString(ProcessHandle.current().pid()));
      first.close();
      try (StateFolder third = StateFolder.lock(dir, "app")) {
        assertThat(third.path()).isEqualTo(dir.resolve("app-0"));
      }
    }
  }

  /** Closing any channel of a file would drop the process's lock on it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void anotherLockInTheProcessLeavesTheFirstAgainstOtherProcesses() throws Exception {
    try (StateFolder first = StateFolder.lock(dir, "app")) {
      Object inode = Files.getAttribute(first.path().resolve("instance.lock"), "unix:ino");
      String lock = ":%s ".formatted(inode);
      assertThat(Files.readString(Path.of("/proc/locks"))).contains(lock);
      StateFolder.lock(dir, "app").close();
      assertThat(Files.readString(Path.of("/proc/locks"))).contains(lock);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    assertThatThrownBy(() -> StateFolder.lock(file, "app"))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("cannot write the state folder " + file.resolve("app-0"))
        .hasMessageContaining("--state-dir");
    Files.createDirectories(dir.resolve("app-0/instance.lock"));
    assertThatThrownBy(() -> StateFolder.lock(dir, "app")).hasMessageContaining("--state-dir");
  }

  @Test
  void anApplicationFindsItsFolderWhateverStartedBefore() throws Exception {
    try (StateFolder door = StateFolder.lock(dir, "door");
        StateFolder yard = StateFolder.lock(dir, "yard")) {
      keepState(door, "door");
      keepState(yard, "yard");
    }
    try (StateFolder yard = StateFolder.lock(dir, "yard");
        StateFolder door = StateFolder.lock(dir, "door")) {
      assertThat(yard.path().resolve("yard/0_0/state")).exists();
      assertThat(door.path().resolve("door/0_0/state")).exists();
    }
  }

  private static void keepState(StateFolder folder, String application) throws Exception {
    keepState(folder.path(), application);
  }

  private static void keepState(Path folder, String application) throws Exception {
    Path task = Files.createDirectories(folder.resolve(application).resolve("0_0"));
    Files.writeString(task.resolve("state"), application);
  }

  /** Earlier versions numbered the folders of all applications together. */
  @Test
  void stateOfAnEarlierVersionIsMovedToItsApplication() throws Exception {
    keepState(dir.resolve("0"), "yard");
    keepState(dir.resolve("1"), "door");
    keepState(dir.resolve("1"), "yard");
    keepState(dir.resolve("2"), "door");
    try (StateFolder first = StateFolder.lock(dir, "door");
        StateFolder second = StateFolder.lock(dir, "door")) {
      assertThat(first.path().resolve("door/0_0/state")).hasContent("door");
      assertThat(second.path().resolve("door/0_0/state")).hasContent("door");
    }
    assertThat(dir.resolve("1/door")).doesNotExist();
    assertThat(dir.resolve("2/door")).doesNotExist();
    assertThat(dir.resolve("0/yard/0_0/state")).as("another's").exists();
    assertThat(dir.resolve("1/yard/0_0/state")).as("another's").exists();
  }

  @Test
  void newStateIsNotReplacedByOld() throws Exception {
    try (StateFolder folder = StateFolder.lock(dir, "door")) {
      keepState(folder, "door");
    }
    Path old = Files.createDirectories(dir.resolve("0/door"));
    Files.writeString(old.resolve("old"), "");
    try (StateFolder folder = StateFolder.lock(dir, "door")) {
      assertThat(folder.path().resolve("door/0_0/state")).exists();
    }
    assertThat(old.resolve("old")).exists();
  }

  /** An instance of the earlier version still runs. */
  @Test
  void oldStateThatIsInUseStaysWhereItIs() throws Exception {
    keepState(dir.resolve("0"), "door");
    FolderLock running = FolderLock.tryLock(dir.resolve("0")).orElseThrow();
    try (running;
        StateFolder started = StateFolder.lock(dir, "door")) {
      assertThat(dir.resolve("0/door/0_0/state")).exists();
      assertThat(started.path().resolve("door")).doesNotExist();
    }
  }

  @Test
  void foldersThatNobodyUsesAreNamedInOneLine() throws Exception {
    keepState(dir.resolve("0"), "yard");
    keepState(dir.resolve("gate-1"), "gate");
    Files.createDirectories(dir.resolve("decoding"));
    keepState(dir.resolve("notes-2"), "mine"); // no folder of ours
    try (StateFolder used = StateFolder.lock(dir, "hall");
        CapturedLog log = CapturedLog.of(OtherStateFolders.class)) {
      keepState(used, "hall");
      StateFolder.lock(dir, "door").close();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains(dir.resolve("0") + " (application yard)", "gate-1 (application gate)")
          .doesNotContain("hall", "decoding", "notes");
    }
  }
}

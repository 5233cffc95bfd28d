package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    StateFolder first = StateFolder.lock(dir);
    try (StateFolder second = StateFolder.lock(dir)) {
      assertThat(first.path()).isEqualTo(dir.resolve("0"));
      assertThat(second.path()).isEqualTo(dir.resolve("1"));
      assertThat(dir.resolve("1/instance.lock"))
          .hasContent(Long.toString(ProcessHandle.current().pid()));
      first.close();
      try (StateFolder third = StateFolder.lock(dir)) {
        assertThat(third.path()).isEqualTo(dir.resolve("0"));
      }
    }
  }

  /** Closing any channel of a file would drop the process's lock on it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void anotherLockInTheProcessLeavesTheFirstAgainstOtherProcesses() throws Exception {
    try (StateFolder first = StateFolder.lock(dir)) {
      Object inode = Files.getAttribute(first.path().resolve("instance.lock"), "unix:ino");
      String lock = ":%s ".formatted(inode);
      assertThat(Files.readString(Path.of("/proc/locks"))).contains(lock);
      StateFolder.lock(dir).close();
      assertThat(Files.readString(Path.of("/proc/locks"))).contains(lock);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    assertThatThrownBy(() -> StateFolder.lock(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot write the state folder " + file.resolve("0"))
        .hasMessageContaining("--state-dir");
    Files.createDirectories(dir.resolve("0/instance.lock"));
    assertThatThrownBy(() -> StateFolder.lock(dir)).hasMessageContaining("--state-dir");
  }
}

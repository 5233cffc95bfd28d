package io.gatestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.OutageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class ChildProcessTest {
  @TempDir Path folder;

  private ChildProcess start(String script) {
    return ChildProcess.start("p9", List.of("/bin/sh", "-c", script), folder.resolve("log"));
  }

  @Test
  void oneThatDiesIsNamedWithItsLastWords() throws InterruptedException {
    try (ChildProcess child = start("echo first; echo; echo 'bad news' >&2; exit 3")) {
      assertThat(child.waitFor()).isEqualTo(3);
      assertThatThrownBy(child::requireAlive)
          .isInstanceOf(OutageException.class)
          .hasMessage("p9 ended with exit code 3: bad news");
    }
  }

  @Test
  void oneThatCannotBeStartedIsNamed() {
    assertThatThrownBy(
            () -> ChildProcess.start("p9", List.of("/no/such/program"), folder.resolve("log")))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("p9 cannot be started");
  }

  @Test
  void closingEndsWhatItStartedToo() throws Exception {
    ChildProcess child = start("sleep 1000 & echo $!; wait");
    while (child.output().isBlank()) {
      Thread.onSpinWait();
      child.requireAlive();
    }
    Optional<ProcessHandle> below = ProcessHandle.of(Long.parseLong(child.output().strip()));
    assertThat(below).hasValueSatisfying(handle -> assertThat(handle.isAlive()).isTrue());

    // an interrupt must not keep it from ending them, nor get lost
    Thread.currentThread().interrupt();
    child.close();

    assertThat(Thread.interrupted()).isTrue();
    below.orElseThrow().onExit().join();
    assertThatThrownBy(child::requireAlive).isInstanceOf(OutageException.class);
  }

  @Test
  void itsUseOfTheMachineIsKnown() {
    try (ChildProcess child = start("while :; do :; done")) {
      while (child.cpuNanos() == 0) {
        child.requireAlive();
      }
      assertThat(child.residentBytes()).isPositive();
      long before = MachineCpu.busyNanos();
      while (MachineCpu.busyNanos() == before) {
        child.requireAlive();
      }
    }
  }
}

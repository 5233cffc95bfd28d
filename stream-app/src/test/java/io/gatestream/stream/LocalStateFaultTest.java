package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.errors.OutageException;
import io.gatestream.stream.state.DamagedStateException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStateFaultTest {
  @TempDir Path folder;

  private final ProcessorStateException damage =
      new ProcessorStateException("Corruption: bad block");

  @Test
  void damagedStateIsDeletedAndSaidSo() throws Exception {
    Path state = Files.createDirectories(folder.resolve("app"));
    Files.writeString(state.resolve("000007.sst"), "x");
    OutageException told = LocalStateFault.atStart(damage, folder, "app");
    assertThat(told)
        .isInstanceOf(DamagedStateException.class)
        .hasMessageContaining("was damaged (Corruption: bad block) and is deleted");
    assertThat(state).doesNotExist();
  }

  @Test
  void stateThatIsNotThereIsNotSaidToBeDeleted() {
    OutageException told = LocalStateFault.atStart(damage, folder, "app");
    assertThat(told)
        .isNotInstanceOf(DamagedStateException.class)
        .hasMessageContaining("cannot use the local state in " + folder)
        .hasMessageNotContaining("is deleted");
  }

  @Test
  void stateThatCannotBeWrittenIsKept() throws Exception {
    Path state = Files.createDirectories(folder.resolve("app"));
    ProcessorStateException full = new ProcessorStateException("No space left on device");
    assertThat(LocalStateFault.atStart(full, folder, "app"))
        .isNotInstanceOf(DamagedStateException.class)
        .hasMessageContaining("make room there");
    assertThat(state).exists();
  }
}

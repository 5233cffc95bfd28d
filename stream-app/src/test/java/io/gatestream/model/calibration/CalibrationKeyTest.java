package io.gatestream.model.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationKeyTest {
  @TempDir Path folder;

  /** As the NVIDIA driver writes it below /proc/driver/nvidia/gpus. */
  @Test
  void theKindsOfAllGpusAreRead() throws IOException {
    write("0000:07:00.0", "Model: \t\t NVIDIA H200\nIRQ:   \t\t 34\n");
    write("0000:0a:00.0", "Model: \t\t NVIDIA L4\n");
    assertThat(CalibrationKey.gpus(folder)).containsExactly("NVIDIA H200", "NVIDIA L4");
    assertThat(CalibrationKey.gpus(folder.resolve("none"))).isEmpty();
  }

  private void write(String bus, String text) throws IOException {
    Files.createDirectories(folder.resolve(bus));
    Files.writeString(folder.resolve(bus).resolve("information"), text);
  }
}

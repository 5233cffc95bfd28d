package io.gatestream.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesFolderTest {
  @Test
  void librariesAreFoundByTheNamesOfTheirEntries(@TempDir Path folder) throws IOException {
    Path below = Files.createDirectories(folder.resolve("linux/amd64"));
    Path library = Files.createFile(below.resolve("libzstd-jni-1.so"));
    Files.createFile(below.resolve("other.so"));
    Files.createFile(folder.resolve("libzstd-jni-1.so"));

    assertThat(NativesFolder.find(folder, Pattern.compile("linux/amd64/libzstd-jni[^/]*\\.so")))
        .containsExactly(library);
  }

  @Test
  void linuxOnTwoArchitecturesIsKnown() {
    assertThat(LinuxNatives.of("Linux", "amd64")).contains(LinuxNatives.X86_64);
    assertThat(LinuxNatives.of("Linux", "aarch64")).contains(LinuxNatives.ARM64);
    assertThat(LinuxNatives.of("Mac OS X", "aarch64")).isEmpty();
    assertThat(LinuxNatives.of("Linux", "riscv64")).isEmpty();
  }
}

package io.gatestream.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory from which no program and no library may run, until it is closed. */
public record NoexecFolder(Path path) implements AutoCloseable {
  /** Mounts it; skips the test where this user may not mount. */
  public static NoexecFolder mount(Path path) throws IOException, InterruptedException {
    Files.createDirectories(path);
    boolean mounted =
        command("mount", "-t", "tmpfs", "-o", "size=400m,noexec", "tmpfs", path.toString());
    assumeTrue(mounted, "this user may not mount: no noexec folder to test with");
    return new NoexecFolder(path);
  }

  private static boolean command(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such command
    }
  }

  @Override
  public void close() throws InterruptedException {
    command("umount", "-l", path.toString());
  }
}

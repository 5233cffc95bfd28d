package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder of this instance's local state: the first free one of {@code state.dir/0}, {@code
 * state.dir/1} ..., locked while the instance lives, so that several share a machine. The lock file
 * holds the process id.
 */
final class StateFolder implements AutoCloseable {
  private static final int MAX_INSTANCES = 1_000;

  private final Path path;
  private final FileChannel channel;

  private StateFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Locks the first free folder.
   *
   * @throws IllegalStateException the folder cannot be written
   */
  static StateFolder lock(Path stateDir) {
    for (int i = 0; i < MAX_INSTANCES; i++) {
      Path folder = stateDir.resolve(Integer.toString(i));
      try {
        Files.createDirectories(folder);
        FileChannel channel =
            FileChannel.open(
                folder.resolve("instance.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock != null) {
          channel.truncate(0);
          channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
          return new StateFolder(folder, channel);
        }
        channel.close();
      } catch (IOException e) {
        throw new IllegalStateException(
            "cannot write the state folder %s (%s): give one that this user may write with --state-dir"
                .formatted(folder, e),
            e);
      }
    }
    throw new ConfigException(
        "%d instances use %s already: give another --state-dir".formatted(MAX_INSTANCES, stateDir));
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another instance in this very process
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.ConfigException;
import io.gatestream.config.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder of this instance's local state: the first free one of {@code state.dir/0}, {@code
 * state.dir/1} ..., locked while the instance lives, so that several share a machine. The lock file
 * holds the process id.
 */
final class StateFolder implements AutoCloseable {
  private static final int MAX_INSTANCES = 1_000;

  /**
   * Held in this process. Closing any channel of a file drops the process's lock on it (POSIX), so
   * a folder that is held here must not even be tried.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path real;
  private final FileChannel channel;

  private StateFolder(Path path, Path real, FileChannel channel) {
    this.path = path;
    this.real = real;
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
        Optional<StateFolder> locked = tryLock(folder);
        if (locked.isPresent()) {
          return locked.get();
        }
      } catch (IOException e) {
        throw new IllegalStateException(
            "cannot write the state folder %s (%s): %s"
                .formatted(folder, IoReason.of(e), IoReason.remedy(e, "--state-dir")),
            e);
      }
    }
    throw new ConfigException(
        "%d instances use %s already: give another --state-dir".formatted(MAX_INSTANCES, stateDir));
  }

  private static Optional<StateFolder> tryLock(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              folder.resolve("instance.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        return Optional.empty(); // another process
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
      locked = true;
      return Optional.of(new StateFolder(folder, real, channel));
    } finally {
      if (!locked) {
        HELD.remove(real);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(real);
    }
  }
}

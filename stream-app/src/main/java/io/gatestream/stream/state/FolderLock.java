package io.gatestream.stream.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The lock of a state folder: a file that holds the process id of the instance that has it. */
final class FolderLock implements AutoCloseable {
  /**
   * Held in this process. Closing any channel of a file drops the process's lock on it (POSIX), so
   * a folder that is held here must not even be tried.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final long LOOK_NANOS = 20_000_000;
  private static final String LOCK = "instance.lock";

  private final Path real;
  private final FileChannel channel;

  private FolderLock(Path real, FileChannel channel) {
    this.real = real;
    this.channel = channel;
  }

  /** Locks a folder for a while, empty where an instance holds it. */
  static Optional<FolderLock> tryLock(Path folder) throws IOException {
    return tryLock(folder, 1);
  }

  /**
   * Locks a folder.
   *
   * @param looks how often to try where the lock file names no living process: it may be held for
   *     the moment in which another instance looks whether it is free
   */
  static Optional<FolderLock> tryLock(Path folder, int looks) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              folder.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      for (int look = 1; channel.tryLock() == null; look++) {
        if (look >= looks || isOwnerAlive(channel)) {
          return Optional.empty(); // another process
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      locked = true;
      return Optional.of(new FolderLock(real, channel));
    } finally {
      if (!locked) {
        HELD.remove(real);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  /** Reads by the same channel: closing another one would drop locks. */
  private static boolean isOwnerAlive(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String owner = new String(text.array(), 0, text.position(), UTF_8).strip();
    return owner.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(owner)).isPresent();
  }

  void writeProcessId() throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
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

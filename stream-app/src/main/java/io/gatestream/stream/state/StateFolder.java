package io.gatestream.stream.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The folder of this instance's local state: the first free one of {@code state.dir/ID-0}, {@code
 * state.dir/ID-1} ... where ID is the application id, locked while the instance lives, so that
 * several share a machine. The lock file holds the process id. No application finds the folder of
 * another, in whatever order they start.
 */
public final class StateFolder implements AutoCloseable {
  private static final int MAX_INSTANCES = 1_000;

  /**
   * Held in this process. Closing any channel of a file drops the process's lock on it (POSIX), so
   * a folder that is held here must not even be tried.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final int LOOKS = 5;
  private static final long LOOK_NANOS = 20_000_000;
  private static final String LOCK = "instance.lock";

  private final Path path;
  private final Path real;
  private final FileChannel channel;

  private StateFolder(Path path, Path real, FileChannel channel) {
    this.path = path;
    this.real = real;
    this.channel = channel;
  }

  /**
   * Locks the application's first free folder, and moves the state of an earlier version into it.
   *
   * @throws OutageException the folder cannot be written
   */
  public static StateFolder lock(Path stateDir, String applicationId) {
    StateFolder locked = lockFirst(stateDir, applicationId);
    OtherStateFolders others = new OtherStateFolders(stateDir, applicationId);
    others.moveOldInto(locked.path);
    others.nameUnused(locked.path);
    return locked;
  }

  private static StateFolder lockFirst(Path stateDir, String applicationId) {
    for (int i = 0; i < MAX_INSTANCES; i++) {
      Path folder = stateDir.resolve(applicationId + "-" + i);
      try {
        Files.createDirectories(folder);
        Optional<StateFolder> locked = tryLock(folder, LOOKS);
        if (locked.isPresent()) {
          locked.get().writeProcessId();
          return locked.get();
        }
      } catch (IOException e) {
        throw new OutageException(
            "cannot write the state folder %s (%s): %s"
                .formatted(folder, IoReason.of(e), IoReason.remedy(e, "--state-dir")),
            e);
      }
    }
    throw new ConfigException(
        "%d instances use %s already: give another --state-dir".formatted(MAX_INSTANCES, stateDir));
  }

  private void writeProcessId() throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
  }

  /** Locks a folder for a while, empty where an instance holds it. */
  static Optional<StateFolder> tryLock(Path folder) throws IOException {
    return tryLock(folder, 1);
  }

  /**
   * Locks a folder.
   *
   * @param looks how often to try where the lock file names no living process: it may be held for
   *     the moment in which another instance looks whether it is free
   */
  private static Optional<StateFolder> tryLock(Path folder, int looks) throws IOException {
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

  /** Reads by the same channel: closing another one would drop locks. */
  private static boolean isOwnerAlive(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String owner = new String(text.array(), 0, text.position(), UTF_8).strip();
    return owner.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(owner)).isPresent();
  }

  public Path path() {
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

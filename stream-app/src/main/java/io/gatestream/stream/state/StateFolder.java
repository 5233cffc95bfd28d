package io.gatestream.stream.state;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of this instance's local state: the first free one of {@code state.dir/ID-0}, {@code
 * state.dir/ID-1} ... where ID is the application id, locked while the instance lives, so that
 * several share a machine. The lock file holds the process id. No application finds the folder of
 * another, in whatever order they start.
 */
public final class StateFolder implements AutoCloseable {
  private static final int MAX_INSTANCES = 1_000;

  private static final int LOOKS = 5;

  private final Path path;
  private final FolderLock lock;

  private StateFolder(Path path, FolderLock lock) {
    this.path = path;
    this.lock = lock;
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
        Optional<FolderLock> lock = FolderLock.tryLock(folder, LOOKS);
        if (lock.isPresent()) {
          lock.get().writeProcessId();
          return new StateFolder(folder, lock.get());
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

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}

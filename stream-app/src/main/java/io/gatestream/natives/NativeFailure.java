package io.gatestream.natives;

import io.gatestream.errors.Causes;
import io.gatestream.errors.OutageException;
import java.nio.file.Path;

/** What to say where a native library does not load. */
public final class NativeFailure {
  private NativeFailure() {}

  /**
   * A failure at run time that names the folder and the remedy.
   *
   * @param library such as {@code RocksDB}
   * @param folder from which it was to be loaded
   */
  public static OutageException of(String library, Path folder, Throwable cause) {
    return new OutageException(
        "cannot load the native library of %s from %s (%s): programs must be allowed to run from that folder, so it may not be mounted noexec, and this user must be able to write it; %s"
            .formatted(library, folder, Causes.text(cause), remedy(folder)),
        cause);
  }

  private static String remedy(Path folder) {
    return folder.startsWith(CacheFolder.standard())
        ? "set XDG_CACHE_HOME to another folder"
        : "start by the launcher, or give another by -Djava.io.tmpdir=FOLDER";
  }
}

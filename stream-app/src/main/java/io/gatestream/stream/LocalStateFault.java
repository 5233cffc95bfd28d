package io.gatestream.stream;

import io.gatestream.errors.Causes;
import io.gatestream.errors.OutageException;
import io.gatestream.files.FolderTree;
import io.gatestream.stream.state.DamagedStateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What to do about local state that cannot be read or written. */
final class LocalStateFault {
  /** Words of the system, or of RocksDB, for a place that cannot be written. */
  private static final List<String> NOT_WRITABLE =
      List.of(
          "No space left",
          "Disk quota exceeded",
          "File too large",
          "Read-only file system",
          "Permission denied",
          "Out of space",
          "not writable");

  private LocalStateFault() {}

  /** One line that names the folder. */
  static String message(Throwable failure, Path folder) {
    return isWritable(failure)
        ? "cannot use the local state in %s (%s): delete this folder and start again, the changelog restores the state"
            .formatted(folder, reason(failure))
        : "cannot write the local state in %s (%s): make room there or give another --state-dir; the changelog restores the state"
            .formatted(folder, reason(failure));
  }

  /**
   * What to throw where nothing runs yet: local state that is there and damaged is deleted at once.
   */
  static OutageException atStart(Throwable failure, Path folder, String applicationId) {
    Path damaged = folder.resolve(applicationId);
    if (isWritable(failure) && Files.exists(damaged)) {
      try {
        FolderTree.delete(damaged);
        return new DamagedStateException(
            "the local state in %s was damaged (%s) and is deleted: the changelog restores it"
                .formatted(damaged, reason(failure)),
            failure);
      } catch (IOException | UncheckedIOException e) {
        failure.addSuppressed(e);
      }
    }
    return new OutageException(message(failure, folder), failure);
  }

  private static boolean isWritable(Throwable failure) {
    StringBuilder words = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      words.append(cause).append(' ');
    }
    return NOT_WRITABLE.stream().noneMatch(words.toString()::contains);
  }

  /** The first line of the innermost message. */
  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return Causes.firstLine(root.getMessage() == null ? root.toString() : root.getMessage());
  }
}

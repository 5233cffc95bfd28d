package io.gatestream.play;

import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.files.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A new folder under {@code java.io.tmpdir}; closing deletes it with all that is in it. */
public record TemporaryFolder(Path path) implements AutoCloseable {
  public static TemporaryFolder create(String prefix) {
    try {
      return new TemporaryFolder(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw new OutageException(
          "cannot make a folder in %s: %s; TMPDIR and -Djava.io.tmpdir choose another"
              .formatted(System.getProperty("java.io.tmpdir"), IoReason.of(e)),
          e);
    }
  }

  @Override
  public void close() {
    try {
      FolderTree.delete(path);
    } catch (IOException e) {
      throw new OutageException("cannot delete %s: %s".formatted(path, IoReason.of(e)), e);
    }
  }
}

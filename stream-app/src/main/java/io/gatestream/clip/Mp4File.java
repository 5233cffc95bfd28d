package io.gatestream.clip;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** The file that a clip goes to: whole or not there. One thread opens and closes it. */
final class Mp4File implements AutoCloseable {
  private static final int BOX_HEADER = 8;

  private final Path target;
  private final Path part;

  private Mp4File(Path target, Path part) {
    this.target = target;
    this.part = part;
  }

  /**
   * Checks that a clip can go there.
   *
   * @throws ConfigException the file is there and may not be replaced, or its folder is not
   */
  static void check(Path target, boolean overwrite) {
    Path folder = folder(target);
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(
          "cannot write %s: there is no folder %s, make it first".formatted(target, folder));
    }
    if (Files.isDirectory(target)) {
      throw new ConfigException("cannot write %s: it is a folder".formatted(target));
    }
    if (Files.exists(target) && !overwrite) {
      throw new ConfigException(
          "%s is there: give another name, or --force to replace it".formatted(target));
    }
  }

  /**
   * Makes a file beside the target.
   *
   * @throws OutageException the folder cannot be written
   */
  static Mp4File beside(Path target) {
    Path part =
        folder(target).resolve(".%s.%s.part".formatted(target.getFileName(), UUID.randomUUID()));
    try {
      return new Mp4File(target, Files.createFile(part));
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
  }

  private static Path folder(Path target) {
    Path absolute = target.toAbsolutePath();
    Path parent = absolute.getParent();
    return parent == null ? absolute : parent;
  }

  /** Where it is written until it is whole. */
  Path part() {
    return part;
  }

  /**
   * Puts it in its place.
   *
   * @throws OutageException what was written is not whole, or it cannot be moved
   */
  void finish() {
    try {
      requireWhole(part);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
  }

  /** FFmpeg does not tell of all failures: at the end of a file they show by its boxes. */
  static void requireWhole(Path file) throws IOException {
    boolean described = false;
    try (RandomAccessFile boxes = new RandomAccessFile(file.toFile(), "r")) {
      long at = 0;
      while (at + BOX_HEADER <= boxes.length()) {
        boxes.seek(at);
        long size = Integer.toUnsignedLong(boxes.readInt());
        byte[] name = new byte[4];
        boxes.readFully(name);
        described |= new String(name, StandardCharsets.US_ASCII).equals("moov");
        long whole = size == 1 ? boxes.readLong() : size;
        if (whole < BOX_HEADER) {
          break;
        }
        at += whole;
      }
      if (!described || at != boxes.length()) {
        throw new IOException("not all of it could be written, is the disk full?");
      }
    }
  }

  static OutageException cannotWrite(Path target, Throwable failure) {
    return new OutageException(
        "cannot write %s: %s".formatted(target, IoReason.of(failure)), failure);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw cannotWrite(part, e);
    }
  }
}

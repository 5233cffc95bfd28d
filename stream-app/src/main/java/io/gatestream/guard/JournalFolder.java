package io.gatestream.guard;

import io.gatestream.files.FolderTree;
import io.gatestream.kafka.RecordPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code decoding} of a state folder: a journal for each running instance, those that
 * dead ones left, and the list of killing records. While this is open no other instance of the
 * state folder, in whatever process, can open it: starts look at dead journals one after the other.
 */
final class JournalFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JournalFolder.class);
  private static final String TRIAL = "trial-";

  /** File locks are of the whole process; among its own instances this decides. */
  private static final ReentrantLock STARTING = new ReentrantLock();

  /**
   * Journals that are open in this process: closing any channel of a file drops the process's lock
   * on it (POSIX), so these must not even be tried.
   */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final String applicationId;
  private final FileChannel lock;

  private JournalFolder(Path folder, String applicationId, FileChannel lock) {
    this.folder = folder;
    this.applicationId = applicationId;
    this.lock = lock;
  }

  /** Opens the folder, waiting for whoever has it open. */
  static JournalFolder open(Path folder, String applicationId) throws IOException {
    Files.createDirectories(folder);
    STARTING.lock();
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.lock();
      return new JournalFolder(folder.toRealPath(), applicationId, channel);
    } catch (IOException | RuntimeException | Error e) {
      STARTING.unlock();
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  /** What instances of this application that are dead now were decoding. */
  Set<RecordPosition> left() throws IOException {
    Set<RecordPosition> positions = new LinkedHashSet<>();
    for (Path journal : dead()) {
      ByteBuffer bytes;
      try {
        bytes = ByteBuffer.wrap(Files.readAllBytes(journal));
      } catch (NoSuchFileException e) {
        continue; // its instance has closed it just now
      }
      JournalFormat.read(bytes)
          .ifPresentOrElse(
              positions::addAll,
              () -> log.warn("{} is no journal of this version and is not looked at", journal));
    }
    return positions;
  }

  /** Deletes the journals of the dead, and what interrupted trials left. */
  void clean() throws IOException {
    for (Path journal : dead()) {
      Files.deleteIfExists(journal);
    }
    try (DirectoryStream<Path> trials = Files.newDirectoryStream(folder, TRIAL + "*")) {
      for (Path trial : trials) {
        FolderTree.delete(trial);
      }
    }
  }

  private List<Path> dead() throws IOException {
    List<Path> dead = new ArrayList<>();
    try (DirectoryStream<Path> journals =
        Files.newDirectoryStream(folder, applicationId + "@*.journal")) {
      for (Path journal : journals) {
        if (!OPEN.contains(journal) && isUnlocked(journal)) {
          dead.add(journal);
        }
      }
    }
    return dead;
  }

  private static boolean isUnlocked(Path journal) throws IOException {
    try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (NoSuchFileException e) {
      return false; // closed just now
    }
  }

  /** Makes this instance's journal. */
  OpenJournal create(String topic, int slots) throws IOException {
    Path file =
        folder.resolve(
            "%s@%d-%x.journal"
                .formatted(applicationId, ProcessHandle.current().pid(), System.nanoTime()));
    OPEN.add(file);
    try {
      return new OpenJournal(DecodeJournal.create(file, topic, slots), () -> OPEN.remove(file));
    } catch (IOException | RuntimeException | Error e) {
      OPEN.remove(file);
      throw e;
    }
  }

  /** A journal and what is to be done after it is closed. */
  record OpenJournal(DecodeJournal journal, Runnable closed) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        journal.close();
      } finally {
        closed.run();
      }
    }
  }

  /** A new folder for the files of a trial. */
  Path trialFolder() throws IOException {
    return Files.createTempDirectory(folder, TRIAL);
  }

  KillingRecords killingRecords() throws IOException {
    return KillingRecords.open(folder.resolve("killing-records.txt"));
  }

  @Override
  public void close() throws IOException {
    try {
      lock.close();
    } finally {
      STARTING.unlock();
    }
  }
}

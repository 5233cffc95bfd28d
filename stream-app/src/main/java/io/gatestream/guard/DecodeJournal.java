package io.gatestream.guard;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The positions of the records that this process is decoding, in a memory-mapped file: plain writes
 * whose pages outlive the process, however it dies. Nothing is forced to the disk, for a machine
 * that stops was not stopped by a frame. The file is locked as long as the journal is open.
 *
 * <p>{@link #enter} and {@link #leave} are for any thread; a slot belongs to one thread between the
 * two.
 */
final class DecodeJournal implements AutoCloseable {
  /** What {@link #enter} returns where no slot is free. */
  static final int NO_SLOT = -1;

  private static final Logger log = LoggerFactory.getLogger(DecodeJournal.class);
  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer map;
  private final AtomicIntegerArray taken;
  private final AtomicBoolean saidFull = new AtomicBoolean();

  private DecodeJournal(Path file, FileChannel channel, ByteBuffer map, int slots) {
    this.file = file;
    this.channel = channel;
    this.map = map;
    this.taken = new AtomicIntegerArray(slots);
  }

  /** Creates and locks a new file. Its bytes are written before it is mapped: no page can fail. */
  static DecodeJournal create(Path file, String topic, int slots) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new IOException(file + " is locked by another process");
      }
      ByteBuffer bytes = JournalFormat.empty(topic, slots);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      ByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes.limit());
      return new DecodeJournal(file, channel, map.order(ByteOrder.LITTLE_ENDIAN), slots);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Notes that the calling thread decodes the record at a position.
   *
   * @return the slot, or {@link #NO_SLOT} where all are taken: then it is decoded unnoted
   */
  int enter(int partition, long offset) {
    int slots = taken.length();
    int first = Math.floorMod(Thread.currentThread().getId(), slots);
    for (int i = 0; i < slots; i++) {
      int slot = (first + i) % slots;
      if (taken.get(slot) == 0 && taken.compareAndSet(slot, 0, 1)) {
        int at = JournalFormat.slot(slot);
        map.putLong(at + JournalFormat.OFFSET, offset);
        map.putInt(at + JournalFormat.PARTITION, partition);
        INTS.setRelease(map, at + JournalFormat.MARK, JournalFormat.mark(partition, offset));
        return slot;
      }
    }
    if (!saidFull.getAndSet(true)) {
      log.warn("more than {} threads decode at once: not all of them are in the journal", slots);
    }
    return NO_SLOT;
  }

  /** Empties a slot. */
  void leave(int slot) {
    if (slot != NO_SLOT) {
      INTS.setRelease(map, JournalFormat.slot(slot) + JournalFormat.MARK, JournalFormat.EMPTY);
      taken.set(slot, 0);
    }
  }

  /** Gives the file up; one that still has a full slot stays for the next run to look at. */
  @Override
  public void close() throws IOException {
    boolean idle = JournalFormat.read(map.duplicate().clear()).orElseThrow().isEmpty();
    try {
      if (idle) {
        Files.deleteIfExists(file);
      }
    } finally {
      channel.close();
    }
  }
}

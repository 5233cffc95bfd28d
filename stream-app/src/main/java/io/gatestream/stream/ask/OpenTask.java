package io.gatestream.stream.ask;

import io.gatestream.http.Refusal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One task while it works: how much of what it has changed in its store is committed. Its stream
 * thread alone changes, commits and closes; any thread may read and wait.
 *
 * <p>A value is read first, and the number of changes after it. Each change is counted before it is
 * made, so the value has no change above that number. It is committed once that many are.
 */
public final class OpenTask implements AutoCloseable {
  private final int partition;

  /** Told when it is closed. */
  private final Consumer<OpenTask> closing;

  private final Thread thread = Thread.currentThread();
  private final AtomicLong changes = new AtomicLong();

  /** Readers share it; the close waits for them, so no store is closed under a reader. */
  private final ReadWriteLock readers = new ReentrantReadWriteLock();

  private final Object monitor = new Object();

  /** Guarded by the monitor. */
  private long committed;

  private volatile boolean closed;

  /** Opened by its stream thread, with a store of which everything is committed. */
  OpenTask(int partition, Consumer<OpenTask> closing) {
    this.partition = partition;
    this.closing = closing;
  }

  /** What was read, and how many changes must be committed for it to be. */
  record Read<T>(OpenTask task, T value, long changes) {
    /**
     * Waits until it is committed.
     *
     * @param deadline of {@link System#nanoTime}
     * @throws Refusal it is not by then, or the task closes: it may never be
     */
    T committed(long deadline) {
      task.await(changes, deadline);
      return value;
    }
  }

  int partition() {
    return partition;
  }

  boolean isOpen() {
    return !closed;
  }

  boolean isOf(Thread other) {
    return thread.equals(other);
  }

  /** The next thing is a change of the store. */
  public void changing() {
    changes.incrementAndGet();
  }

  /**
   * All changes so far are committed; not those of a closed task, whose transaction may be gone.
   */
  void committed() {
    if (closed) {
      return;
    }
    synchronized (monitor) {
      committed = changes.get();
      monitor.notifyAll();
    }
  }

  /**
   * Reads from the store.
   *
   * @throws Refusal the task is closed
   */
  <T> Read<T> read(Supplier<T> reader) {
    readers.readLock().lock();
    try {
      if (closed) {
        throw Unavailable.moves(partition);
      }
      T value = reader.get();
      return new Read<>(this, value, changes.get());
    } finally {
      readers.readLock().unlock();
    }
  }

  private void await(long wanted, long deadline) {
    synchronized (monitor) {
      while (committed < wanted) {
        long left = deadline - System.nanoTime();
        if (closed) {
          throw Unavailable.moves(partition);
        }
        if (left <= 0) {
          throw Unavailable.uncommitted(partition);
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(monitor, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw Unavailable.closing();
        }
      }
    }
  }

  /** What is not committed now never will be by this task. */
  @Override
  public void close() {
    readers.writeLock().lock();
    try {
      closed = true;
    } finally {
      readers.writeLock().unlock();
    }
    closing.accept(this);
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }
}

package io.gatestream.lookahead;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of direct buffers, each for one decoded picture: the bound on pixel memory.
 *
 * <p>Workers and stream threads take slots and whoever encoded the picture gives its slot back. A
 * few slots are kept for stream threads, so that a window full of work done ahead never makes the
 * stream thread wait. Thread-safe; a thread that finds none free sees to it that the pictures it
 * submitted are encoded before it waits, so nobody waits for a slot while it holds one.
 */
final class PixelPool {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private final int keptForStreamThreads;

  /**
   * Allocates the pool.
   *
   * @param slots how many pictures, more than {@code keptForStreamThreads}
   * @param bytes of one picture
   */
  PixelPool(int slots, int bytes, int keptForStreamThreads) {
    if (slots <= keptForStreamThreads) {
      throw new IllegalArgumentException(
          "%d pixel slots, of which %d are kept for stream threads: none is left for workers"
              .formatted(slots, keptForStreamThreads));
    }
    this.keptForStreamThreads = keptForStreamThreads;
    for (int i = 0; i < slots; i++) {
      free.add(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
    }
  }

  /** A slot, or null where none is free; a stream thread may take those that are kept. */
  @Nullable ByteBuffer poll(boolean streamThread) {
    lock.lock();
    try {
      return free.size() <= kept(streamThread) ? null : free.pop().clear();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #poll}, but waits for a slot. The caller must owe the batcher nothing. */
  ByteBuffer acquire(boolean streamThread) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (free.size() <= kept(streamThread)) {
        released.await();
      }
      return free.pop().clear();
    } finally {
      lock.unlock();
    }
  }

  private int kept(boolean streamThread) {
    return streamThread ? 0 : keptForStreamThreads;
  }

  void release(ByteBuffer slot) {
    lock.lock();
    try {
      free.push(slot);
      // The two kinds of waiters wait for different levels: wake them all.
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int available() {
    lock.lock();
    try {
      return free.size();
    } finally {
      lock.unlock();
    }
  }
}

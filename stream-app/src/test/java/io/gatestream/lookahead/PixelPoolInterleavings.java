package io.gatestream.lookahead;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;

/**
 * Interleavings of three threads that take slots of a pool and give them back: no slot has two
 * holders, none is lost, the kept one is never a worker's, and a waiter that nobody wakes is found
 * as a deadlock.
 */
public class PixelPoolInterleavings {
  private static final int SLOTS = 2;
  private static final int KEPT = 1;

  private final PixelPool pool = new PixelPool(SLOTS, 1, KEPT);
  private final AtomicIntegerArray holders = new AtomicIntegerArray(SLOTS);
  private final AtomicInteger workers = new AtomicInteger();

  public PixelPoolInterleavings() throws InterruptedException {
    ByteBuffer[] slots = new ByteBuffer[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = pool.acquire(true).put(0, (byte) i);
    }
    for (ByteBuffer slot : slots) {
      pool.release(slot);
    }
  }

  @Operation
  public void worker() throws InterruptedException {
    ByteBuffer slot = pool.acquire(false);
    require(workers.incrementAndGet() <= SLOTS - KEPT, "a worker has a slot that is kept");
    hold(slot);
    workers.decrementAndGet();
    pool.release(slot);
  }

  @Operation
  public void streamThread() throws InterruptedException {
    ByteBuffer slot = pool.acquire(true);
    hold(slot);
    pool.release(slot);
  }

  private void hold(ByteBuffer slot) {
    int number = slot.get(0);
    require(holders.incrementAndGet(number) == 1, "a slot has two holders");
    holders.decrementAndGet(number);
  }

  @Validate
  public void allSlotsAreBack() {
    require(pool.available() == SLOTS, "a slot is lost");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }
}

package io.gatestream.lookahead;

import io.gatestream.frame.decode.PictureSink;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the pictures of one record: gives their places, hands them to the batcher, keeps their
 * features, and completes when the last one is encoded.
 *
 * <p>{@code place}, {@code filled}, {@code finish} and {@code fail} are called by the one decoding
 * thread, {@code encoded} by whichever thread ran the batch.
 */
final class PictureCollector implements PictureSink, MicroBatcher.Waiter {
  private final PictureFilter filter;
  private final PixelPool pool;
  private final MicroBatcher batcher;
  private final boolean streamThread;
  private final long[] captureTimes;
  private final long[] sourceTimes;
  private final float[] @Nullable [] features;
  private final CompletableFuture<EncodedRecord> result;

  /** Pictures given to the batcher and not yet encoded, and 1 for the decoding itself. */
  private final AtomicInteger outstanding = new AtomicInteger(1);

  private int count;
  private @Nullable ByteBuffer open;

  PictureCollector(
      int pictures,
      PictureFilter filter,
      PixelPool pool,
      MicroBatcher batcher,
      boolean streamThread,
      CompletableFuture<EncodedRecord> result) {
    this.filter = filter;
    this.pool = pool;
    this.batcher = batcher;
    this.streamThread = streamThread;
    this.result = result;
    this.captureTimes = new long[pictures];
    this.sourceTimes = new long[pictures];
    this.features = new float[pictures][];
  }

  @Override
  public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
    captureTimes[index] = captureTime;
    sourceTimes[index] = sourceTime;
    count = index + 1;
    if (!filter.wants(index, captureTime)) {
      return Optional.empty();
    }
    open = slot();
    return Optional.of(open);
  }

  private ByteBuffer slot() {
    ByteBuffer free = pool.poll(streamThread);
    if (free != null) {
      return free;
    }
    drain(); // else the slots might be those of pictures that this thread holds back
    try {
      return pool.acquire(streamThread);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LookaheadClosedException();
    }
  }

  /** Has what this thread held back encoded, by itself or by whoever is at it. */
  private void drain() {
    if (streamThread) {
      batcher.drainFor(this);
    } else {
      batcher.drain();
    }
  }

  @Override
  public void filled(int index) {
    ByteBuffer pixels = open;
    if (pixels == null) {
      throw new IllegalStateException("picture " + index + " has no place");
    }
    open = null;
    outstanding.incrementAndGet();
    batcher.submit(new MicroBatcher.Picture(pixels, this, index), streamThread);
  }

  /**
   * The record has been decoded to its end. A worker may go on holding its pictures back, for more
   * of the next record; a stream thread waits for them now.
   */
  void finish() {
    if (count != captureTimes.length) {
      fail(
          new IllegalStateException(
              "decoder gave %d pictures of %d".formatted(count, captureTimes.length)));
      return;
    }
    if (streamThread && !isIdle()) {
      drain();
    }
    settle();
  }

  /** The record is bad or its decoding broke; pictures that are ready are not held back for it. */
  void fail(Throwable failure) {
    if (open != null) {
      pool.release(open);
      open = null;
    }
    result.completeExceptionally(failure);
    drain();
  }

  @Override
  public void encoded(int index, float[] feature) {
    features[index] = feature;
    settle();
  }

  @Override
  public void encodingFailed(Throwable failure) {
    result.completeExceptionally(failure);
    outstanding.decrementAndGet();
  }

  @Override
  public boolean isIdle() {
    return outstanding.get() <= 1;
  }

  private void settle() {
    if (outstanding.decrementAndGet() == 0) {
      result.complete(new EncodedRecord(captureTimes, sourceTimes, features));
    }
  }
}

package io.gatestream.lookahead;

import io.gatestream.model.FrameEncoder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;

/**
 * Interleavings of workers that hold pictures back and stream threads that do not: once all have
 * kept to the batcher's rule, every picture has been encoded and every slot is back. A thread that
 * waits for a slot for ever is found as a deadlock.
 */
public class MicroBatcherInterleavings {
  private static final int SLOTS = 3;

  private final PixelPool pool = new PixelPool(SLOTS, 1, 0);
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicInteger encoded = new AtomicInteger();
  private final MicroBatcher batcher =
      new MicroBatcher(new Encoder(), pool, 1, this::encodeLeftOver, new CompositeMeterRegistry());

  /** Decodes two records, and has nothing more to decode. */
  @Operation
  public void worker() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      submit(new OneRecord(), false);
    }
    batcher.drain();
  }

  @Operation
  public void streamThread() throws InterruptedException {
    OneRecord record = new OneRecord();
    submit(record, true);
    batcher.drainFor(record);
  }

  /** The spare thread's work, done by the one that calls for it. */
  private void encodeLeftOver() {
    batcher.encodeDue();
  }

  private void submit(OneRecord record, boolean streamThread) throws InterruptedException {
    ByteBuffer slot = pool.poll(streamThread);
    if (slot == null) {
      if (streamThread) {
        batcher.drainFor(record);
      } else {
        batcher.drain();
      }
      slot = pool.acquire(streamThread);
    }
    submitted.incrementAndGet();
    record.open.incrementAndGet();
    batcher.submit(new MicroBatcher.Picture(slot, record, 0), streamThread);
  }

  @Validate
  public void everyPictureIsEncoded() {
    require(encoded.get() == submitted.get(), "a picture is forgotten");
    require(pool.available() == SLOTS, "a slot is lost");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  private final class OneRecord implements MicroBatcher.Waiter {
    private final AtomicInteger open = new AtomicInteger();

    @Override
    public void encoded(int index, float[] feature) {
      encoded.incrementAndGet();
      open.decrementAndGet();
    }

    @Override
    public void encodingFailed(Throwable failure) {
      throw new IllegalStateException(failure);
    }

    @Override
    public boolean isIdle() {
      return open.get() == 0;
    }
  }

  /** One caller, two pictures at most. */
  private static final class Encoder implements FrameEncoder {
    @Override
    public int featureSize() {
      return 1;
    }

    @Override
    public int maxBatch() {
      return 2;
    }

    @Override
    public int callers() {
      return 1;
    }

    @Override
    public float[][] encode(ByteBuffer pixels, int batch) {
      return new float[batch][1];
    }

    @Override
    public void close() {}
  }
}

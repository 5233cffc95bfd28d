package io.gatestream.lookahead;

import io.gatestream.metrics.Metric;
import io.gatestream.model.FrameEncoder;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Encodes whatever is decoded, from any stream, in batches up to the encoder's best size.
 *
 * <p>There is no encoder thread and no linger timer. A thread that submits a picture may hold it
 * back while it decodes more; once a batch is full, or the thread has nothing more to decode, it
 * runs batches until nothing is due or all callers are busy, and a busy caller looks again before
 * it leaves. A failed batch completes every picture in it. Thread-safe.
 *
 * <p>While a picture is ready, one of these holds:
 *
 * <ul>
 *   <li>the thread that submitted it has not called {@link #drain} or {@link #drainFor} since. It
 *       owes that call, and makes it before it waits for anything and before it ends;
 *   <li>the picture is due, and a caller is at work that looks again before it leaves;
 *   <li>it is due, and {@code leftOver} has been called: its thread must then {@link #encodeDue}.
 * </ul>
 */
final class MicroBatcher implements AutoCloseable {
  private final FrameEncoder encoder;
  private final PixelPool pool;
  private final int pictureBytes;
  private final Runnable leftOver;
  private final Semaphore callers;
  private final ConcurrentLinkedQueue<Picture> ready = new ConcurrentLinkedQueue<>();

  /** How many are ready, roughly: it only says when a batch is full. */
  private final AtomicInteger readyCount = new AtomicInteger();

  /** Whether all that is ready is to be encoded now, full batch or not. */
  private final AtomicBoolean due = new AtomicBoolean();

  private final ArrayBlockingQueue<ByteBuffer> stages;
  private final Timer encodeTime;
  private final DistributionSummary batchSize;
  private volatile boolean closed;

  /**
   * Creates a batcher.
   *
   * @param leftOver called when a stream thread leaves pictures for others to encode
   */
  MicroBatcher(
      FrameEncoder encoder,
      PixelPool pool,
      int pictureBytes,
      Runnable leftOver,
      MeterRegistry metrics) {
    this.encoder = encoder;
    this.pool = pool;
    this.pictureBytes = pictureBytes;
    this.leftOver = leftOver;
    this.callers = new Semaphore(encoder.callers());
    int staged = encoder.maxBatch() > 1 ? encoder.callers() : 0;
    this.stages = new ArrayBlockingQueue<>(Math.max(1, staged));
    for (int i = 0; i < staged; i++) {
      stages.add(ByteBuffer.allocateDirect(Math.multiplyExact(pictureBytes, encoder.maxBatch())));
    }
    this.encodeTime = Metric.ENCODE.timer(metrics);
    this.batchSize = Metric.ENCODE_BATCH.summary(metrics);
  }

  /** A filled slot, who waits for its features, and its number there. */
  record Picture(ByteBuffer pixels, Waiter waiter, int index) {}

  /** Who waits for the features of one record's pictures; told by the thread that ran the batch. */
  interface Waiter {
    void encoded(int index, float[] feature);

    void encodingFailed(Throwable failure);

    /** Whether the batcher holds none of its pictures. */
    boolean isIdle();
  }

  /**
   * Queues a picture, and encodes if that makes a batch full. The calling thread owes a {@link
   * #drain}, a stream thread a {@link #drainFor}.
   */
  void submit(Picture picture, boolean streamThread) {
    readyCount.incrementAndGet();
    ready.add(picture);
    if (closed) {
      failReady();
    } else if (streamThread) {
      encodeDueFor(picture.waiter);
    } else {
      encodeDue();
    }
  }

  /** Makes all that is ready due, and runs batches until none is or every caller is busy. */
  void drain() {
    makeDue();
    encodeDue();
  }

  /**
   * As {@link #drain}, but a stream thread does not go on for others once its own pictures are
   * done.
   */
  void drainFor(Waiter own) {
    makeDue();
    encodeDueFor(own);
  }

  private void makeDue() {
    if (!ready.isEmpty()) {
      due.set(true);
    }
  }

  /** Runs batches until nothing is due, no batch is full, or every caller is busy. */
  void encodeDue() {
    while (isWorthACall() && callers.tryAcquire()) {
      try {
        runBatch();
      } finally {
        callers.release();
      }
    }
  }

  private void encodeDueFor(Waiter own) {
    while (isWorthACall() && callers.tryAcquire()) {
      try {
        runBatch();
      } finally {
        callers.release();
      }
      if (own.isIdle()) {
        if (isWorthACall()) {
          leftOver.run();
        }
        return;
      }
    }
  }

  private boolean isWorthACall() {
    return !closed && !ready.isEmpty() && (due.get() || readyCount.get() >= encoder.maxBatch());
  }

  /**
   * The pictures of the next batch. Whoever makes pictures due sets the flag after they are ready;
   * here it is taken down before they are looked for, and set again if it was up and some are left:
   * so no picture that is due is forgotten.
   */
  private List<Picture> take() {
    boolean wasDue = due.getAndSet(false);
    List<Picture> batch = new ArrayList<>(encoder.maxBatch());
    while (batch.size() < encoder.maxBatch()) {
      Picture picture = poll();
      if (picture == null) {
        return batch;
      }
      batch.add(picture);
    }
    if (wasDue) {
      makeDue();
    }
    return batch;
  }

  private @Nullable Picture poll() {
    Picture picture = ready.poll();
    if (picture != null) {
      readyCount.decrementAndGet();
    }
    return picture;
  }

  private void runBatch() {
    List<Picture> batch = take();
    if (batch.isEmpty()) {
      return;
    }
    float[][] features;
    long start = System.nanoTime();
    try {
      batchSize.record(batch.size());
      features = batch.size() == 1 ? encodeInPlace(batch) : encodeStaged(batch);
      if (features.length != batch.size()) {
        throw new IllegalStateException(
            "the encoder gave %d features for %d pictures"
                .formatted(features.length, batch.size()));
      }
    } catch (Throwable failure) {
      batch.forEach(picture -> picture.waiter.encodingFailed(failure));
      return;
    } finally {
      encodeTime.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      batch.forEach(picture -> pool.release(picture.pixels));
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).waiter.encoded(batch.get(i).index, features[i]);
    }
  }

  private float[][] encodeInPlace(List<Picture> batch) {
    return encoder.encode(batch.get(0).pixels.position(0), 1);
  }

  private float[][] encodeStaged(List<Picture> batch) {
    ByteBuffer stage = stages.remove();
    try {
      stage.clear();
      for (Picture picture : batch) {
        stage.put(picture.pixels.duplicate().position(0).limit(pictureBytes));
      }
      return encoder.encode(stage.position(0), batch.size());
    } finally {
      stages.add(stage);
    }
  }

  /** Fails what is ready and all that is submitted from now on; a running batch ends as usual. */
  @Override
  public void close() {
    closed = true;
    failReady();
  }

  private void failReady() {
    for (Picture picture = poll(); picture != null; picture = poll()) {
      pool.release(picture.pixels);
      picture.waiter.encodingFailed(new LookaheadClosedException());
    }
  }
}

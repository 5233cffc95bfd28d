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

/**
 * Encodes whatever is decoded, from any stream, in batches up to the encoder's best size.
 *
 * <p>There is no encoder thread and no linger timer: whoever submits a picture runs batches until
 * none is ready or all callers are busy, and a busy caller looks again before it leaves. So a slow
 * encoder finds several pictures ready and makes batches by itself. A failed batch completes every
 * picture in it. Thread-safe.
 *
 * <p>While a picture is ready, a caller is at work and looks again before it leaves, or {@code
 * leftOver} has been called: its thread must then {@link #drain}.
 */
final class MicroBatcher implements AutoCloseable {
  private final FrameEncoder encoder;
  private final PixelPool pool;
  private final int pictureBytes;
  private final Runnable leftOver;
  private final Semaphore callers;
  private final ConcurrentLinkedQueue<Picture> ready = new ConcurrentLinkedQueue<>();
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

  /** Queues a picture and encodes while there is something to encode and a caller is free. */
  void submit(Picture picture, boolean streamThread) {
    ready.add(picture);
    if (closed) {
      failReady();
    } else if (streamThread) {
      drainFor(picture.waiter);
    } else {
      drain();
    }
  }

  /** Runs batches until none is ready or every caller is busy. */
  void drain() {
    while (!closed && !ready.isEmpty() && callers.tryAcquire()) {
      try {
        runBatch();
      } finally {
        callers.release();
      }
    }
  }

  /**
   * As {@link #drain}, but a stream thread does not go on for others once its own pictures are
   * done.
   */
  private void drainFor(Waiter own) {
    while (!closed && !ready.isEmpty() && callers.tryAcquire()) {
      try {
        runBatch();
      } finally {
        callers.release();
      }
      if (own.isIdle() && !ready.isEmpty()) {
        leftOver.run();
        return;
      }
    }
  }

  private void runBatch() {
    List<Picture> batch = new ArrayList<>(encoder.maxBatch());
    for (int i = 0; i < encoder.maxBatch(); i++) {
      Picture picture = ready.poll();
      if (picture == null) {
        break;
      }
      batch.add(picture);
    }
    if (batch.isEmpty()) {
      return;
    }
    float[][] features;
    try {
      batchSize.record(batch.size());
      features =
          encodeTime.record(() -> batch.size() == 1 ? encodeInPlace(batch) : encodeStaged(batch));
      if (features.length != batch.size()) {
        throw new IllegalStateException(
            "the encoder gave %d features for %d pictures"
                .formatted(features.length, batch.size()));
      }
    } catch (Throwable failure) {
      batch.forEach(picture -> picture.waiter.encodingFailed(failure));
      return;
    } finally {
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
    for (Picture picture = ready.poll(); picture != null; picture = ready.poll()) {
      pool.release(picture.pixels);
      picture.waiter.encodingFailed(new LookaheadClosedException());
    }
  }
}

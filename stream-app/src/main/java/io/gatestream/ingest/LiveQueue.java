package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between a camera and the sink. The camera's thread offers and never waits; one
 * thread of its own sends, and may wait for Kafka as long as it likes.
 */
final class LiveQueue implements AutoCloseable {
  private final BlockingQueue<Optional<Frame>> queue;
  private final SourceOutput output;
  private final long mostBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final Thread sender;
  private volatile @Nullable Exception failure;

  /**
   * Starts the sender.
   *
   * @param capacity records that it holds
   * @param mostBytes of their payloads; a single larger one still fits
   */
  LiveQueue(int capacity, long mostBytes, SourceOutput output) {
    this.mostBytes = mostBytes;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.output = output;
    this.sender = new Thread(this::sendAll, "ingest-send-" + output.source().streamId());
    sender.setDaemon(true);
    sender.start();
  }

  /**
   * Puts a frame in; false where there is no place for it.
   *
   * @throws DeliveryException an earlier one could not be sent
   */
  boolean offer(Frame frame) throws DeliveryException {
    throwFailure();
    int size = frame.getPayload().remaining();
    long held = bytes.get();
    if ((held > 0 && held + size > mostBytes) || !queue.offer(Optional.of(frame))) {
      return false;
    }
    bytes.addAndGet(size);
    return true;
  }

  /** Waits until all that is in the queue has been sent. */
  void finish() throws DeliveryException, InterruptedException {
    queue.put(Optional.empty());
    sender.join();
    throwFailure();
  }

  private void throwFailure() throws DeliveryException {
    Exception earlier = failure;
    if (earlier != null) {
      throw new DeliveryException(
          earlier.getMessage() == null ? earlier.toString() : earlier.getMessage(), earlier);
    }
  }

  /** After a failure frames are taken and thrown away, so that nobody waits for a place. */
  private void sendAll() {
    try {
      for (Optional<Frame> next = queue.take(); next.isPresent(); next = queue.take()) {
        int size = next.get().getPayload().remaining();
        if (failure == null) {
          try {
            output.deliver(next.get());
          } catch (DeliveryException | RuntimeException e) {
            failure = e;
          }
        }
        bytes.addAndGet(-size);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    sender.interrupt();
  }
}

package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between a camera and the sink. The camera's thread offers and never waits; one
 * thread of its own sends, and may wait for Kafka as long as it likes.
 */
final class LiveQueue implements AutoCloseable {
  private final BlockingQueue<Optional<Frame>> queue;
  private final SourceRun run;
  private final Thread sender;
  private volatile @Nullable Exception failure;

  LiveQueue(int capacity, SourceRun run) {
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.run = run;
    this.sender = new Thread(this::sendAll, "ingest-send-" + run.source().streamId());
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
    return queue.offer(Optional.of(frame));
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
        if (failure == null) {
          try {
            run.deliver(next.get());
          } catch (DeliveryException | RuntimeException e) {
            failure = e;
          }
        }
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

package io.gatestream.lookahead;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.schema.Frame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Decodes and encodes one record: a pure function of its value, whoever runs it and when.
 * Thread-safe.
 */
final class RecordEncoding {
  private final PixelPool pool;
  private final MicroBatcher batcher;
  private final DecodeWatch watch;

  RecordEncoding(PixelPool pool, MicroBatcher batcher, DecodeWatch watch) {
    this.pool = pool;
    this.batcher = batcher;
    this.watch = watch;
  }

  /**
   * Decodes a record on the calling thread; its pictures are encoded here or by whoever is at it.
   *
   * @param filter says which pictures are wanted
   * @param result completed in every case, perhaps after this returns
   */
  void run(
      PolledRecord record,
      PictureFilter filter,
      FrameDecoder decoder,
      boolean streamThread,
      CompletableFuture<EncodedRecord> result) {
    PictureCollector collector = null;
    try {
      Frame frame = record.frame();
      collector =
          new PictureCollector(frame.getFrameCount(), filter, pool, batcher, streamThread, result);
      int ticket = watch.enter(record.partition(), record.offset(), record.value());
      try {
        decoder.decode(frame, collector);
      } finally {
        watch.leave(ticket);
      }
      collector.finish();
    } catch (Throwable failure) {
      if (collector == null) {
        result.completeExceptionally(failure);
      } else {
        collector.fail(failure);
      }
    }
  }

  /**
   * Waits for a result.
   *
   * @throws FrameDecodeException the record is bad
   * @throws FailedException something else went wrong
   */
  static EncodedRecord await(CompletableFuture<EncodedRecord> result) throws FrameDecodeException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FrameDecodeException bad) {
        throw bad;
      }
      Throwable cause = e.getCause();
      throw new FailedException(cause == null ? e : cause);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Waits for so long at most until there is a result, of whatever kind. */
  static void awaitEnd(CompletableFuture<EncodedRecord> result, long nanos) {
    try {
      result.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // whoever takes the result is told
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Something other than the record's content went wrong. */
  static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedException(Throwable cause) {
      super(cause);
    }

    /** The cause, to be thrown; an {@link Error} is thrown at once. */
    RuntimeException unwrapped() {
      if (getCause() instanceof Error error) {
        throw error;
      }
      return getCause() instanceof RuntimeException unchecked ? unchecked : this;
    }
  }
}

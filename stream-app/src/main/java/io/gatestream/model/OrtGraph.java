package io.gatestream.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.gatestream.errors.OutageException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * An open ONNX session that cannot be closed under a running call. Any thread may call; {@link
 * #close} waits for the calls that run and may be repeated.
 */
public final class OrtGraph implements AutoCloseable {
  private final String file;
  private final OrtSession session;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /** Owns the session from here on. */
  OrtGraph(String file, OrtSession session) {
    this.file = file;
    this.session = session;
  }

  /** A call on the session. */
  interface Call<T> {
    T on(OrtSession session) throws OrtException;
  }

  /**
   * Makes one call.
   *
   * @throws OutageException ONNX Runtime failed
   */
  <T> T call(Call<T> call) {
    Lock read = lock.readLock();
    read.lock();
    try {
      if (closed) {
        throw new IllegalStateException(file + " is closed");
      }
      return call.on(session);
    } catch (OrtException e) {
      throw new OutageException("%s failed: %s".formatted(file, e.getMessage()), e);
    } finally {
      read.unlock();
    }
  }

  /** Closes the session after {@code first}, which frees what was made for it. */
  void close(Runnable first) {
    Lock write = lock.writeLock();
    write.lock();
    try {
      if (!closed) {
        closed = true;
        try (session) {
          first.run();
        }
      }
    } catch (OrtException e) {
      throw new OutageException("cannot close %s: %s".formatted(file, e.getMessage()), e);
    } finally {
      write.unlock();
    }
  }

  @Override
  public void close() {
    close(() -> {});
  }
}

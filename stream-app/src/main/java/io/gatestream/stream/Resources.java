package io.gatestream.stream;

import io.gatestream.errors.Causes;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Closes what was opened, last first, whatever fails on the way: the first failure is thrown, the
 * others are suppressed in it.
 */
final class Resources implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  /** Closes after a failure, which keeps what goes wrong here. */
  void closeAfter(Throwable failure) {
    Throwable closing = closeAll();
    if (closing != null) {
      failure.addSuppressed(closing);
    }
  }

  /**
   * Closes everything.
   *
   * @throws OutageException the first failure was one of a disk or a network
   */
  @Override
  public void close() {
    Throwable failure = closeAll();
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof IOException) {
      throw new OutageException(Causes.text(failure), failure);
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  private @Nullable Throwable closeAll() {
    Throwable first = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception | Error e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    return first;
  }
}

package io.gatestream.stream.ask;

import io.gatestream.stream.ask.StreamStore.StoredStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the streams of one partition, a few in one read: the close of its task waits for a
 * read. For one thread.
 */
final class PartitionCursor {
  /** Whole states, with their tensors, in one read. */
  static final int CHUNK = 32;

  /** By the bytes of the next id, then by partition. */
  static final Comparator<PartitionCursor> ORDER =
      Comparator.comparing(PartitionCursor::id).thenComparingInt(PartitionCursor::partition);

  private final OpenTask task;
  private final StreamStore store;
  private final int chunk;
  private Optional<Bytes> after;
  private int next = -1;
  private boolean isLast;
  private OpenTask.@Nullable Read<List<StoredStream>> read;

  /** What the last one that was taken was read with. */
  private OpenTask.@Nullable Read<List<StoredStream>> taken;

  /**
   * Stands before the first one.
   *
   * @param most that will be taken
   */
  PartitionCursor(OpenTask task, StreamStore store, Optional<Bytes> after, int most) {
    this.task = task;
    this.store = store;
    this.after = after;
    this.chunk = Math.min(CHUNK, most);
  }

  int partition() {
    return task.partition();
  }

  /**
   * Goes to the next one.
   *
   * @return whether there is one
   * @throws io.gatestream.http.Refusal the partition moves
   */
  boolean advance() {
    next++;
    if (read != null && next < read.value().size()) {
      return true;
    }
    if (isLast) {
      return false;
    }
    read = task.read(() -> store.range(task.partition(), after, chunk));
    next = 0;
    List<StoredStream> streams = read.value();
    isLast = streams.size() < chunk;
    if (streams.isEmpty()) {
      return false;
    }
    after = Optional.of(streams.get(streams.size() - 1).id());
    return true;
  }

  private StoredStream current() {
    if (read == null) {
      throw new IllegalStateException("advance first");
    }
    return read.value().get(next);
  }

  /** Of the one it stands at. */
  Bytes id() {
    return current().id();
  }

  /** The one it stands at. */
  StoredStream take() {
    taken = read;
    return current();
  }

  /**
   * Waits until all that were taken are committed.
   *
   * @throws io.gatestream.http.Refusal they are not by the deadline, or the task closes
   */
  void awaitTaken(long deadline) {
    if (taken != null) {
      taken.committed(deadline);
    }
  }
}

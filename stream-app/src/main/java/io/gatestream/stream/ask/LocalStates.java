package io.gatestream.stream.ask;

import io.gatestream.http.Refusal;
import io.gatestream.stream.ask.StreamStore.StoredStream;
import io.gatestream.stream.state.StreamState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;

/** The committed states of the partitions that this process has. Thread-safe. */
final class LocalStates {
  private final OpenTasks tasks;
  private final StreamStore store;
  private final Duration patience;

  /**
   * Creates it.
   *
   * @param patience how long a commit is waited for
   */
  LocalStates(OpenTasks tasks, StreamStore store, Duration patience) {
    this.tasks = tasks;
    this.store = store;
    this.patience = patience;
  }

  /** A stream and where it lies. */
  record Found(Bytes id, int partition, StreamState state) {
    /** By the bytes of the id, then by partition. */
    static final Comparator<Found> ORDER =
        Comparator.comparing(Found::id).thenComparingInt(Found::partition);
  }

  /** What was found, and which partitions were looked through. */
  record Search(List<Found> found, SortedSet<Integer> partitions) {}

  /**
   * Looks for a stream in all partitions that are here.
   *
   * @throws Refusal it is there, and its state is not committed in time
   */
  Search find(Bytes id) {
    return search(
        task ->
            store
                .get(task.partition(), id)
                .map(state -> List.of(new StoredStream(id, state)))
                .orElse(List.of()));
  }

  /**
   * The next streams of each partition that is here, in the order of their ids.
   *
   * @param limit of each partition
   */
  Search list(Optional<Bytes> after, int limit) {
    return search(task -> store.range(task.partition(), after, limit));
  }

  private interface Look {
    List<StoredStream> at(OpenTask task);
  }

  /** Reads everything first, so that one commit is waited for. */
  private Search search(Look look) {
    long deadline = System.nanoTime() + patience.toNanos();
    SortedSet<Integer> partitions = new TreeSet<>();
    List<OpenTask.Read<List<StoredStream>>> reads = new ArrayList<>();
    for (OpenTask task : tasks.now()) {
      try {
        OpenTask.Read<List<StoredStream>> read = task.read(() -> look.at(task));
        partitions.add(task.partition());
        if (!read.value().isEmpty()) {
          reads.add(read);
        }
      } catch (Refusal e) {
        // it moves, so it was not looked through
      }
    }
    List<Found> found = new ArrayList<>();
    for (OpenTask.Read<List<StoredStream>> read : reads) {
      int partition = read.task().partition();
      for (StoredStream stream : read.committed(deadline)) {
        found.add(new Found(stream.id(), partition, stream.state()));
      }
    }
    found.sort(Found.ORDER);
    return new Search(found, partitions);
  }
}

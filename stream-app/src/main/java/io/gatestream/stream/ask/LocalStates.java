package io.gatestream.stream.ask;

import io.gatestream.http.Refusal;
import io.gatestream.stream.ask.StreamStore.StoredStream;
import io.gatestream.stream.state.StreamState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
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
  record Found(Bytes id, int partition, StreamState state) {}

  /** What was found, and which partitions were looked through. */
  record Search(List<Found> found, SortedSet<Integer> partitions) {}

  /**
   * Looks for a stream in all partitions that are here.
   *
   * @throws Refusal it is there, and its state is not committed in time
   */
  Search find(Bytes id) {
    long deadline = System.nanoTime() + patience.toNanos();
    SortedSet<Integer> partitions = new TreeSet<>();
    List<OpenTask.Read<Optional<StreamState>>> reads = new ArrayList<>();
    for (OpenTask task : tasks.now()) { // all before the first wait, so one commit is waited for
      try {
        OpenTask.Read<Optional<StreamState>> read =
            task.read(() -> store.get(task.partition(), id));
        partitions.add(task.partition());
        if (read.value().isPresent()) {
          reads.add(read);
        }
      } catch (Refusal e) {
        // it moves, so it was not looked through
      }
    }
    List<Found> found = new ArrayList<>();
    for (OpenTask.Read<Optional<StreamState>> read : reads) {
      int partition = read.task().partition();
      read.committed(deadline).ifPresent(state -> found.add(new Found(id, partition, state)));
    }
    return new Search(found, partitions);
  }

  /**
   * The next streams of all partitions that are here, in the order of their ids. A partition that
   * moves, or whose commit does not come in time, is left out.
   *
   * @param limit of ids; one that lies in several partitions is found in each
   */
  Search list(Optional<Bytes> after, int limit) {
    long begun = System.nanoTime();
    Merge merge = new Merge(limit);
    for (OpenTask task : tasks.now()) {
      merge.add(new PartitionCursor(task, store, after, limit));
    }
    merge.fill();
    // others fill the places of those left out, and these have to be committed as well
    for (int waits = 1; merge.leaveOutUncommitted(begun + waits * patience.toNanos()); waits = 2) {
      merge.fill();
    }
    return merge.result();
  }

  /** Puts the partitions together, reading no more of them than it needs. */
  private static final class Merge {
    private final int limit;
    private final Map<Integer, PartitionCursor> kept = new TreeMap<>();

    /** Those that have a next one. */
    private final PriorityQueue<PartitionCursor> next = new PriorityQueue<>(PartitionCursor.ORDER);

    private final SortedMap<Bytes, List<Found>> found = new TreeMap<>();

    Merge(int limit) {
      this.limit = limit;
    }

    void add(PartitionCursor cursor) {
      kept.put(cursor.partition(), cursor);
      advance(cursor);
    }

    private void advance(PartitionCursor cursor) {
      try {
        if (cursor.advance()) {
          next.add(cursor);
        }
      } catch (Refusal e) {
        leaveOut(cursor);
      }
    }

    void fill() {
      for (PartitionCursor first = next.peek(); first != null; first = next.peek()) {
        if (found.size() >= limit && !found.containsKey(first.id())) {
          return;
        }
        next.remove();
        StoredStream stream = first.take();
        found
            .computeIfAbsent(stream.id(), id -> new ArrayList<>())
            .add(new Found(stream.id(), first.partition(), stream.state()));
        advance(first);
      }
    }

    /** Whether there are such. */
    boolean leaveOutUncommitted(long deadline) {
      boolean some = false;
      for (PartitionCursor cursor : List.copyOf(kept.values())) {
        try {
          cursor.awaitTaken(deadline);
        } catch (Refusal e) {
          leaveOut(cursor);
          some = true;
        }
      }
      return some;
    }

    private void leaveOut(PartitionCursor cursor) {
      kept.remove(cursor.partition());
      next.remove(cursor);
      found.values().forEach(all -> all.removeIf(one -> one.partition() == cursor.partition()));
      found.values().removeIf(List::isEmpty);
    }

    Search result() {
      return new Search(
          found.values().stream().flatMap(List::stream).toList(), new TreeSet<>(kept.keySet()));
    }
  }
}

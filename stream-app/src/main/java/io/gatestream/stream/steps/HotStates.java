package io.gatestream.stream.steps;

import io.gatestream.stream.state.StreamState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The states that one task put into its store or loaded last, as objects: each is what the store
 * would give. It spares reading and parsing a state for every frame, and lets a result that was
 * made from a state be known by the state's arrays. It ends with the task's life. Used by the
 * task's stream thread alone.
 */
public final class HotStates implements AutoCloseable {
  /** Of an entry besides tensors: key, progress, references; more than it takes. */
  private static final long ENTRY_BYTES = 512;

  private final Map<Bytes, StreamState> states = new LinkedHashMap<>(64, 0.75f, true);
  private final Budget budget;
  private long bytes;
  private boolean closed;

  /** Begins with a share of the budget; {@link #close} gives it back. */
  public HotStates(Budget budget) {
    this.budget = budget;
    budget.tasks.incrementAndGet();
  }

  /**
   * What the hot states of all tasks may take together: each its share, so that a task which comes
   * later has room too. Thread-safe.
   */
  public static final class Budget {
    private final long most;
    private final AtomicInteger tasks = new AtomicInteger();

    public Budget(long most) {
      this.most = most;
    }

    private long share() {
      return most / Math.max(1, tasks.get());
    }
  }

  public @Nullable StreamState get(Bytes key) {
    return states.get(key);
  }

  /** Takes the state that the store has from now on; the states used longest ago make room. */
  public void put(Bytes key, StreamState state) {
    bytes += bytes(key, state);
    StreamState before = states.put(key, state);
    if (before != null) {
      bytes -= bytes(key, before);
    }
    Iterator<Map.Entry<Bytes, StreamState>> oldest = states.entrySet().iterator();
    while (bytes > budget.share() && oldest.hasNext()) {
      Map.Entry<Bytes, StreamState> next = oldest.next();
      bytes -= bytes(next.getKey(), next.getValue());
      oldest.remove();
    }
  }

  /** Forgets all: the store was changed by another. */
  public void clear() {
    states.clear();
    bytes = 0;
  }

  /** The task ends; may be repeated. */
  @Override
  public void close() {
    clear();
    if (!closed) {
      closed = true;
      budget.tasks.decrementAndGet();
    }
  }

  private static long bytes(Bytes key, StreamState state) {
    return ENTRY_BYTES + key.get().length + state.tensorBytes() + state.events().bytes();
  }
}
